using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers;

/// <summary>
/// Runs the original and the exported model on the same synthetic inputs in ONNX Runtime, both without optimizations, so that the nodes compute as they are
/// written.
/// </summary>
internal static class ExportVerification
{
    // Sums of float32 in another order keep networks above 100 dB. A rewrite that is wrong does not reach 60 dB.
    private const double LeastDb = 60;

    // float16 has 11 bits of precision, and the networks of docs/precision.md keep 40 to 70 dB. 30 dB is the budget of recipes.
    private const double LeastDbOfFloat16 = 30;
    private const double LargestShareOfFloat16 = 0.05;

    private const long FloatAccuracy = 1;

    /// <summary>Compares the models.</summary>
    /// <param name="original">The original with fixed shapes.</param>
    /// <param name="exported">The exported model.</param>
    /// <param name="precision">The precision of the exported model.</param>
    /// <param name="cancellationToken">Cancels a running call, too.</param>
    /// <exception cref="CompressionException">
    /// MB1003: ONNX Runtime cannot run one of the models; MB1009: the outputs differ by more than rounding.
    /// </exception>
    public static OutputDifference Compare(OnnxModel original, OnnxModel exported, ExportPrecision precision, CancellationToken cancellationToken)
    {
        var reference = InFloats(original);
        var difference = new OutputDifference();
        try
        {
            var samples = new SyntheticInputs(reference, SignatureReader.Read(reference), DynamicDimensions.Guesses[0]).Read(cancellationToken).ToArray();
            using var before = new ModelRunner(Sessions.OpenUnoptimized(reference));
            using var after = new ModelRunner(Sessions.OpenUnoptimized(exported));
            foreach (var sample in samples)
            foreach (var (name, (expected, actual)) in before.Outputs.Zip(before.Run(sample, cancellationToken).Zip(after.Run(sample, cancellationToken))))
                difference.Add(name, expected, actual);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
        {
            var reason = exception is OnnxRuntimeException complaint ? Sessions.Reason(complaint) : exception.Message;
            throw new CompressionException(Codes.ModelUnreadable, $"The exported model cannot be verified: {reason}", inner: exception);
        }

        var isNarrow = precision == ExportPrecision.Float16;
        if (difference.SqnrDb < (isNarrow ? LeastDbOfFloat16 : LeastDb) || difference.ChangedShare > (isNarrow ? LargestShareOfFloat16 : 0))
            throw new CompressionException(
                Codes.FidelityMissed,
                $"The exported model would not compute what the model computes ({difference}), so nothing was written."
                    + (isNarrow ? " Leave --precision out, or use the step 'mixed-precision'." : "")
            );
        return difference;
    }

    // ONNX Runtime may multiply the weights of MatMulNBits by activations of 8 bits. The operator is defined by the float product.
    private static OnnxModel InFloats(OnnxModel model)
    {
        var copy = model.Clone();
        foreach (var scope in new Graph(copy).SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(node => node.Is("MatMulNBits", Domains.Microsoft)))
            node.SetAttribute("accuracy_level", FloatAccuracy);
        return copy;
    }
}
