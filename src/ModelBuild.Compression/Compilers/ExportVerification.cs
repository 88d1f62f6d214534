using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers;

/// <summary>
/// Runs the original and the exported model on the same synthetic inputs in ONNX Runtime, both without optimizations, so that the nodes compute as they are
/// written.
/// </summary>
internal static class ExportVerification
{
    // The least ratio of signal to noise in dB that an export in the same precision must have. Sums of float32 in another order keep networks above 100 dB. A
    // rewrite that is wrong does not reach 60 dB.
    private const double LeastDb = 60;

    // The least ratio of signal to noise in dB, and the largest share of changed indices, of an export in float16. float16 has 11 bits of precision, and the
    // networks of docs/precision.md keep 40 to 70 dB. 30 dB is the budget of recipes.
    private const double LeastDbOfFloat16 = 30;
    private const double LargestShareOfFloat16 = 0.05;

    // A slice of an output, such as one channel, may have a ratio that is this many dB lower. It has fewer values, and its noise varies more. A slice that is
    // wrong has about 0 dB.
    private const double SliceAllowanceDb = 20;

    private const long FloatAccuracy = 1;

    /// <summary>Compares the outputs of the original and of the exported model on synthetic inputs.</summary>
    /// <param name="original">The original with fixed shapes.</param>
    /// <param name="exported">The exported model.</param>
    /// <param name="precision">The precision of the exported model.</param>
    /// <param name="cancellationToken">Cancels a running call, too.</param>
    /// <exception cref="CompressionException">
    /// MB1003: ONNX Runtime cannot run one of the models; MB1009: the outputs differ by more than rounding, or have no values to compare.
    /// </exception>
    public static OutputDifference Compare(OnnxModel original, OnnxModel exported, ExportPrecision precision, CancellationToken cancellationToken)
    {
        var reference = InFloats(original);
        var source = new SyntheticInputs(reference, SignatureReader.Read(reference), DynamicDimensions.Guesses[0]);
        var samples = Try("The model gets no synthetic inputs", () => source.Read(cancellationToken).ToArray());
        using var before = Try("ONNX Runtime cannot run the model", () => new ModelRunner(Sessions.OpenUnoptimized(reference)));
        using var after = Try("ONNX Runtime cannot run the exported model", () => new ModelRunner(Sessions.OpenUnoptimized(exported)));
        var difference = new OutputDifference();
        foreach (var sample in samples)
        {
            var expected = Try("ONNX Runtime cannot run the model", () => before.Run(sample, cancellationToken));
            var actual = Try("ONNX Runtime cannot run the exported model", () => after.Run(sample, cancellationToken));
            foreach (var (name, (x, y)) in before.Outputs.Zip(expected.Zip(actual)))
                difference.Add(name, x, y);
        }

        Check(difference, isNarrow: precision == ExportPrecision.Float16);
        return difference;
    }

    private static T Try<T>(string fault, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
        {
            var reason = exception is OnnxRuntimeException complaint ? Sessions.Reason(complaint) : exception.Message;
            throw new CompressionException(Codes.ModelUnreadable, $"{fault}, so the export cannot be verified: {reason}", inner: exception);
        }
    }

    private static void Check(OutputDifference difference, bool isNarrow)
    {
        if (difference.Empty.FirstOrDefault() is { } empty)
            throw new CompressionException(
                Codes.FidelityMissed,
                $"The export cannot be verified, because the output '{Text.Short(empty)}' has no finite values on synthetic inputs, so nothing was written."
            );
        var least = isNarrow ? LeastDbOfFloat16 : LeastDb;
        var isWrong = difference.SqnrDb < least || difference.ChangedShare > (isNarrow ? LargestShareOfFloat16 : 0);
        if (isWrong || difference.SliceDb < least - SliceAllowanceDb)
            throw new CompressionException(
                Codes.FidelityMissed,
                $"The exported model would not compute what the model computes ({difference}"
                    + (isWrong ? "" : $", a part of an output within {SignedNumber.Of(difference.SliceDb, 1)} dB")
                    + "), so nothing was written."
                    + (isNarrow ? " Leave --precision out, or use the step 'mixed-precision'." : "")
            );
    }

    // Returns a copy of a model whose MatMulNBits nodes multiply float activations, as the operator is defined. Otherwise ONNX Runtime may round the
    // activations to 8 bits.
    private static OnnxModel InFloats(OnnxModel model)
    {
        var copy = model.Clone();
        foreach (var scope in new Graph(copy).SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(node => node.Is("MatMulNBits", Domains.Microsoft)))
            node.SetAttribute("accuracy_level", FloatAccuracy);
        return copy;
    }
}
