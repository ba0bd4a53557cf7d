import { createHash } from 'node:crypto'

/**
 * CloudFront's cache follows `revalidateTag` and `revalidatePath`: each page goes out with its tags in a header that the
 * distribution's CacheTagConfig names, and a tag that is invalidated here is invalidated there.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-by-tags.html
 */
export const edgeTagHeader = 'x-amz-meta-cache-tag'

/** CloudFront keeps 50 tags of an object and drops the rest; one is {@link everyPage}. */
const mostEdgeTags = 49
/** On each page, so that many tags at once can be invalidated as one. */
export const everyPage = 'pages'
/**
 * CloudFront's tags are visible ASCII without commas, and the same in upper and lower case; Next.js' are any text. A digest
 * is both, and tells visitors nothing.
 */
export const edgeTag = (tag: string) => createHash('sha256').update(tag).digest('hex').slice(0, 16)

/** Undefined where there are more tags than CloudFront keeps: an invalidation might not reach the page. */
export function edgeTagsOf(tags: Iterable<string>): string | undefined {
  const own = [...new Set(tags)]
  return own.length > mostEdgeTags ? undefined : [everyPage, ...own.map(edgeTag)].join(',')
}
