// Layers in the order they are stacked, with their sizes in proportion.
import type { ReactNode } from "react";
import type { LayerView } from "#ui/ipc";
import { Bytes, Digest } from "#ui/components";
import styles from "./registry.module.css";

/** The layers of a manifest, base first. The bar is a layer's part of the whole. */
export function LayerList({ layers }: { layers: readonly LayerView[] }): ReactNode {
  const whole = layers.reduce((sum, layer) => sum + layer.sizeBytes, 0);
  const part = (layer: LayerView): number => (whole === 0 ? 0 : layer.sizeBytes / whole);
  return (
    <ol className={styles.layers}>
      {layers.map((layer, index) => (
        // The same empty layer may stand twice in one manifest.
        <li key={`${index}${layer.digest}`} className={styles.layer}>
          <span className={styles.layerNumber}>{index + 1}</span>
          <Digest digest={layer.digest} />
          <code className={styles.layerType}>{layer.mediaType.replace(/^application\/vnd\.(oci|docker)\.image\.(layer\.v1|rootfs\.diff)\./, "")}</code>
          <span className={styles.bar} aria-hidden="true">
            <span className={styles.fill} style={{ transform: `scaleX(${Math.max(0.004, part(layer))})` }} />
          </span>
          <span className={styles.layerSize}>
            <Bytes value={layer.sizeBytes} />
          </span>
          <span className={styles.layerPart}>{Math.round(part(layer) * 100)} %</span>
        </li>
      ))}
    </ol>
  );
}
