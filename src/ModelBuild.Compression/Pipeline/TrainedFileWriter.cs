using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Runs a recipe to obtain its trained values. The result of the recipe is verified, and then deleted.</summary>
internal static class TrainedFileWriter
{
    /// <summary>Trains a model and writes the values to the output path of the request.</summary>
    /// <param name="request">The model, the recipe, the data and the budget.</param>
    /// <param name="progress">Receives the work that is done and its results.</param>
    /// <param name="cancellationToken">Ends the work. No incomplete file remains.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="CompressionException">MB1005: no step of the recipe trains. Or the model, its data or its budget is at fault.</exception>
    public static Receipt Write(CompressionRequest request, IProgress<WorkLine>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(request);
        using var workspace = OutputWorkspace.Create(request.OutputPath);
        var result = Path.ChangeExtension(workspace.ModelPath, ".onnx");
        return Compressor.Compress(request with { OutputPath = result, KeepTrained = request.OutputPath }, progress, cancellationToken);
    }

    /// <summary>Runs the recipe in a worker other than worker 0. The worker trains together with the others, and verifies and writes nothing.</summary>
    /// <param name="request">The request, as worker 0 has it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="CompressionException">As for <see cref="Write"/>.</exception>
    public static void Work(CompressionRequest request, CancellationToken cancellationToken)
    {
        Check(request);
        using var original = OriginalModel.Open(request with { Verify = false }, cancellationToken);
        RecipePipeline.Run(original.CreateContext(), request.Recipe);
    }

    private static void Check(CompressionRequest request)
    {
        if (!request.Recipe.Trains)
            throw new CompressionException(
                Codes.UnknownOption,
                $"No step of the recipe '{request.Recipe}' trains the model, so there are no values to save. Add a step such as 'fine-tune', or use "
                    + "'modelbuild compress'."
            );
    }
}
