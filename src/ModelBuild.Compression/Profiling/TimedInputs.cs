using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Profiling;

/// <summary>The inputs of calls whose time is measured.</summary>
/// <param name="Kind">The source of the inputs.</param>
/// <param name="Samples">The inputs of some calls, all with the same number of rows.</param>
internal sealed record TimedInputs(InputKind Kind, IReadOnlyList<Sample> Samples)
{
    private const int MaxCalls = 8;

    /// <summary>The number of rows of each timed call.</summary>
    public long Rows => Samples[0].Rows;

    /// <summary>Returns inputs from data, or synthetic inputs on which the model runs.</summary>
    /// <param name="path">The path of the model.</param>
    /// <param name="data">Files with real inputs; empty for synthetic inputs.</param>
    /// <param name="described">The facts about values that synthetic inputs follow.</param>
    /// <param name="rows">The number of rows of a call; null for one row, or for as many as the model fixes.</param>
    /// <param name="cancellationToken">Cancels a running call, too.</param>
    /// <exception cref="CompressionException">
    /// MB1003: the model does not load; MB1005: the model does not take this number of rows; MB1019: the data cannot be used.
    /// </exception>
    public static TimedInputs Find(string path, IReadOnlyList<string> data, DescribedInputs described, int? rows, CancellationToken cancellationToken)
    {
        var model = OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
        LocalFunctions.Inline(model);
        var signature = SignatureReader.Read(model);
        if (data.Count > 0)
            return new TimedInputs(
                InputKind.Calibration,
                RowBatches.Of(new CalibrationFiles(data, signature).Read(cancellationToken), signature, rows, MaxCalls)
            );
        using var runner = Open(path);
        string? reason = null;
        foreach (var guess in DynamicDimensions.Guesses)
            try
            {
                // The last synthetic sample is not used for timing, because it may have padding and another number of rows.
                Sample[] samples =
                [
                    .. new SyntheticInputs(model, signature, guess with { Batch = rows ?? 1 }, described: described)
                        .Read(cancellationToken)
                        .Take(SyntheticInputs.Count - 1),
                ];
                runner.Run(samples[0], cancellationToken);
                return rows is null || rows == samples[0].Rows
                    ? new TimedInputs(InputKind.Synthetic, samples)
                    : throw RowBatches.Fixed(samples[0].Rows, rows.Value);
            }
            catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
            {
                reason ??= exception is OnnxRuntimeException complaint ? Sessions.Reason(complaint) : exception.Message;
            }

        throw new CompressionException(Codes.CalibrationData, $"No inputs could be made on which the model runs ({reason}): give some with --data.", path);
    }

    private static ModelRunner Open(string path)
    {
        try
        {
            return new ModelRunner(Sessions.Open(path));
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(Codes.ModelUnreadable, $"ONNX Runtime cannot load the model: {Sessions.Reason(exception)}", path, exception);
        }
    }
}
