using ModelBuild.Cli.Output;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Commands;

/// <summary>Runs a recipe for a command, with progress, and prints the warnings and the receipt.</summary>
internal static class RecipeRun
{
    /// <summary>Runs the recipe of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="outputPath">The path of the file that the command writes.</param>
    /// <param name="run">Runs the recipe.</param>
    /// <param name="isVerbose">Whether each report of the work is printed as a line.</param>
    /// <param name="isJson">Whether the receipt is printed as JSON.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public static void Show(
        CompressionRequest request,
        string outputPath,
        Func<CompressionRequest, IProgress<WorkLine>?, CancellationToken, Receipt> run,
        bool isVerbose,
        bool isJson,
        CancellationToken cancellationToken
    )
    {
        var title = Path.GetFileName(request.ModelPath);
        var signature = SignatureReader.Read(OnnxModel.Load(request.ModelPath, new OnnxLoadOptions { SkipWeights = true }, cancellationToken));
        var receipt = RequestWarnings.AddTo(Run(), request, signature);
        foreach (var warning in receipt.Warnings)
            Console.Error.WriteLine(Message.Warning(request.ModelPath, warning.Code, warning.Text));
        if (isJson)
            Console.Out.Write(JsonText.Of(receipt));
        else
            ReceiptView.Show(receipt, outputPath);

        Receipt Run()
        {
            try
            {
                return isVerbose
                    ? run(request, Progress.Print(title), cancellationToken)
                    : Progress.Run(title, "reading", progress => run(request, progress, cancellationToken));
            }
            catch (OperationCanceledException exception) when (Directory.Exists(request.CheckpointFolder))
            {
                throw new CompressionException(
                    Codes.Cancelled,
                    $"The work was cancelled. The best state of the training so far is kept in '{request.CheckpointFolder}': "
                        + "run the same command with --resume to continue.",
                    null,
                    exception
                );
            }
        }
    }
}
