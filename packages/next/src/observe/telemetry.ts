import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node'
import { env } from '../env.js'
import { onClose } from '../server/lifecycle.js'

/** Next.js makes the spans; this gives them somewhere to go. Loaded only with METRICS_ENDPOINT. */
export function startTracing() {
  const { METRICS_ENDPOINT, RELEASE } = env()
  const exporter = new OTLPTraceExporter({ url: new URL('v1/traces', `${METRICS_ENDPOINT?.replace(/\/$/, '')}/`).href })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'slipway-app', 'service.version': RELEASE }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.1) }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  provider.register()
  onClose(() => provider.shutdown())
}
