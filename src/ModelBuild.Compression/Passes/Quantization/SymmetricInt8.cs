namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>
/// Symmetric linear quantization to int8 with the narrow range −127…127, so that the zero point is 0 and no product overflows (Jacob et al. 2018, section 2;
/// ONNX QuantizeLinear): scale = max|w| / 127, q = round-half-even(w / scale). The arithmetic is float64 on single elements, so the bytes are the same on
/// every CPU and for any number of threads.
/// </summary>
internal static unsafe class SymmetricInt8
{
    private const double Limit = 127;

    /// <summary>
    /// Quantizes <paramref name="weight"/>, whose shape is <paramref name="shape"/>, with one scale for each element of <paramref name="scaleShape"/>
    /// (same rank; 1 on the axes that share a scale). A slice of zeros gets the scale 1. All values are finite.
    /// </summary>
    public static (sbyte[] Values, float[] Scales) Quantize(ReadOnlySpan<float> weight, ReadOnlySpan<long> shape, ReadOnlySpan<long> scaleShape)
    {
        var runs = new ScaleRuns(shape, scaleShape);
        fixed (float* start = weight)
        {
            var scales = Scales((nint)start, runs);
            return (Values((nint)start, weight.Length, runs, scales), scales);
        }
    }

    private static float[] Scales(nint weight, ScaleRuns runs)
    {
        var scales = new float[runs.SlotCount];
        // Several threads compute the maxima of the parts of a tensor. The maximum of all parts does not depend on the order of the threads.
        Parallel.For(
            0,
            runs.PartCount,
            () => new float[runs.SlotCount],
            (part, _, largest) =>
            {
                foreach (var run in runs.Part(part))
                {
                    var values = new ReadOnlySpan<float>((float*)weight + run.Start, run.Length);
                    if (runs.IsShared)
                        largest[run.Slot] = Math.Max(largest[run.Slot], Int8Kernels.Largest(values));
                    else
                        Int8Kernels.Enlarge(largest.AsSpan(run.Slot, run.Length), values);
                }

                return largest;
            },
            largest =>
            {
                lock (scales)
                    Int8Kernels.Enlarge(scales, largest);
            }
        );
        for (var i = 0; i < scales.Length; i++)
        {
            var scale = (float)(scales[i] / Limit);
            scales[i] = float.IsNormal(scale) ? scale : 1f;
        }

        return scales;
    }

    private static sbyte[] Values(nint weight, int count, ScaleRuns runs, float[] scales)
    {
        var values = GC.AllocateUninitializedArray<sbyte>(count);
        Parallel.For(
            0,
            runs.PartCount,
            part =>
            {
                foreach (var run in runs.Part(part))
                {
                    var source = new ReadOnlySpan<float>((float*)weight + run.Start, run.Length);
                    var target = values.AsSpan(run.Start, run.Length);
                    if (runs.IsShared)
                        Int8Kernels.Quantize(source, scales[run.Slot], target);
                    else
                        Int8Kernels.Quantize(source, scales.AsSpan(run.Slot, run.Length), target);
                }
            }
        );
        return values;
    }
}
