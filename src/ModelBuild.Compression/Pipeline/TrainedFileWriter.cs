using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Runs a recipe for its trained values. The result of the recipe is verified, and then deleted.</summary>
internal static class TrainedFileWriter
{
    /// <summary>Trains a model and writes the values to the output path of the request. Of several workers, only worker 0 writes.</summary>
    /// <param name="request">The model, the recipe, the data and the budget.</param>
    /// <param name="progress">Receives the work that is done and its results.</param>
    /// <param name="cancellationToken">Ends the work. No incomplete file remains.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="CompressionException">MB1005: no step of the recipe trains. Or the model, its data or its budget is at fault.</exception>
    public static Receipt Write(CompressionRequest request, IProgress<WorkLine>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!request.Recipe.Trains)
            throw new CompressionException(
                Codes.UnknownOption,
                $"No step of the recipe '{request.Recipe}' trains the model, so there are no values to save. Add a step such as 'fine-tune', or use "
                    + "'modelbuild compress'."
            );
        // Only worker 0 needs a place on the file system of the result.
        var isFirst = request.Workers.Rank == 0;
        using var workspace = OutputWorkspace.Create(isFirst ? request.OutputPath : Path.Combine(Path.GetTempPath(), Path.GetFileName(request.OutputPath)));
        var result = Path.ChangeExtension(workspace.ModelPath, ".onnx");
        return Compressor.Compress(request with { OutputPath = result, KeepTrained = isFirst ? request.OutputPath : null }, progress, cancellationToken);
    }
}
