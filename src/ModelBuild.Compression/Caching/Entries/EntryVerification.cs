using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Caching.Entries;

/// <summary>Verifies a result that another machine has computed: runs the result beside the original, and applies the budget to their outputs.</summary>
internal static class EntryVerification
{
    /// <summary>Returns why no result of a request can be verified, without a full stop; null if results can be verified.</summary>
    /// <param name="request">The request.</param>
    public static string? WhyNot(CompressionRequest request) =>
        !request.Verify ? "results without a budget, as with --no-verify, cannot be verified again"
        : request.Stages > 1 || request.Preprocess is not null ? "results in stages, and results that prepare images, cannot be verified again"
        : null;

    /// <summary>Compares the outputs of a result with those of the original, and applies the budget.</summary>
    /// <param name="request">The request, with the data and the budget.</param>
    /// <param name="model">The path of the result.</param>
    /// <param name="isPrecise">Whether the steps of the result keep at least the precision of float16, as its receipt says.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The reason why the result cannot be used, without a full stop; null for a result within the budget.</returns>
    public static string? Fault(CompressionRequest request, string model, bool isPrecise, CancellationToken cancellationToken)
    {
        if (WhyNot(request) is { } reason)
            return reason;
        try
        {
            return Compare(request, model, isPrecise, cancellationToken);
        }
        catch (OnnxRuntimeException exception)
        {
            return $"ONNX Runtime cannot run it: {Sessions.Reason(exception).TrimEnd('.')}";
        }
        catch (Exception exception) when (exception is OnnxException or CompressionException or IOException or UnauthorizedAccessException)
        {
            return exception.Message.TrimEnd('.');
        }
    }

    private static string? Compare(CompressionRequest request, string model, bool isPrecise, CancellationToken cancellationToken)
    {
        using var original = OriginalModel.Open(request with { CheckpointFolder = null }, cancellationToken);
        if (original.Files.Count == 1 && ContentHash.Of(request.ModelPath) == ContentHash.Of(model))
            return null;
        original.Reference.Make(WorkLog.Silent);
        var result = OnnxModel.Load(model, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
        SameInterface.Check(original.Signature, SignatureReader.Read(result), model);
        var (run, whyNot) = original.Record();
        if (run is null)
            return $"it cannot be verified: {whyNot}";
        OutputVerdict? missed;
        using (run)
            missed = Missed(request, original, run, model, isPrecise, cancellationToken);
        if (missed is null)
            return null;
        // The optimizations of ONNX Runtime may change the outputs of the original. Therefore a result that misses the budget is also compared with the
        // original without optimizations.
        var (written, _) = original.Record(asWritten: true);
        using (written)
            return written is not null && Missed(request, original, written, model, isPrecise, cancellationToken) is null
                ? null
                : $"output '{missed.Fidelity.Output}' has {missed.Measured}, beyond {missed.Budget}";
    }

    private static OutputVerdict? Missed(
        CompressionRequest request,
        OriginalModel original,
        ReferenceRun run,
        string model,
        bool isPrecise,
        CancellationToken cancellationToken
    )
    {
        var report = run.Compare(model, onCall: null, cancellationToken, !original.Target.IsProcessor, wasFitted: request.CalibrationData.Count > 0);
        return new OutputVerifier(request.Budget).Verify(report, isPrecise).FirstOrDefault(verdict => !verdict.Passed);
    }
}
