using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Compares any two models with the same inputs and outputs, as <see cref="Compressor"/> does with its own results.</summary>
internal static class ModelVerification
{
    /// <summary>Runs both models on the same inputs, and applies the budget to the differences of their outputs.</summary>
    /// <param name="original">The original's file.</param>
    /// <param name="compressed">The other model's file.</param>
    /// <param name="data">Files with real inputs; empty for inputs made from the declared shapes.</param>
    /// <param name="budget">The limits that the outputs must keep.</param>
    /// <param name="kinds">The kinds of outputs that the rules cannot determine; null if there are none.</param>
    /// <param name="described">The facts about the values of the inputs, which synthetic inputs follow; null if there are none.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OnnxException">A model cannot be read.</exception>
    /// <exception cref="CompressionException">A model does not load or run, or the two do not have the same signature.</exception>
    public static (FidelityReport Report, IReadOnlyList<OutputVerdict> Verdicts) Verify(
        string original,
        string compressed,
        IReadOnlyList<string> data,
        FidelityBudget budget,
        FidelityKinds? kinds = null,
        DescribedInputs? described = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(budget);
        var skipWeights = new OnnxLoadOptions { SkipWeights = true };
        var model = OnnxModel.Load(original, skipWeights, cancellationToken);
        LocalFunctions.Inline(model);
        var signature = SignatureReader.Read(model);
        var other = SignatureReader.Read(OnnxModel.Load(compressed, skipWeights, cancellationToken));
        SameInterface.Check(signature, other, compressed);
        var (reference, whyNot) = ReferenceRun.Record(
            model,
            original,
            signature,
            data,
            cancellationToken,
            hints: new OutputHints(kinds ?? FidelityKinds.None, Labels: 0),
            described: described
        );
        if (reference is null)
            throw new CompressionException(Codes.CalibrationData, $"The models cannot be compared: {whyNot}.");
        using (reference)
        {
            try
            {
                var report = reference.Compare(compressed, onCall: null, cancellationToken);
                return (report, new OutputVerifier(budget).Verify(report, isPrecise: false));
            }
            catch (OnnxRuntimeException exception)
            {
                throw new CompressionException(
                    Codes.ModelUnreadable,
                    $"ONNX Runtime cannot run the model: {Sessions.Reason(exception)}",
                    compressed,
                    exception
                );
            }
        }
    }
}
