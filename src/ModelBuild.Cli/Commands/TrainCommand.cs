using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Training;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Training.TrainedFiles;
using ModelBuild.Compression.Training.Workers;

namespace ModelBuild.Cli.Commands;

/// <summary>
/// <c>modelbuild train</c>: runs a recipe with its training steps, verifies the result, and writes the trained values to a file that is committed beside the
/// model. Several processes can share the work.
/// </summary>
internal sealed class TrainCommand
{
    private readonly Argument<string> _model = SharedOptions.Model("model", "The ONNX model.");
    private readonly RecipeOptions _options = new();

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The path of the file. Default: <model>.trained.safetensors beside the model, which builds use automatically.",
        HelpName = "FILE",
    };

    private readonly Option<int?> _workers = new("--workers")
    {
        Description = "The number of processes on this machine that share each batch. Under mpirun or srun, each task is a worker. Default: 1.",
        HelpName = "N",
    };

    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly WorkerPlace? _given;

    private TrainCommand(WorkerPlace? given) => _given = given;

    /// <summary>Creates the command.</summary>
    /// <param name="place">The place of this process among the workers; null to find it.</param>
    public static Command Create(WorkerPlace? place = null)
    {
        var train = new TrainCommand(place);
        var command = new Command("train", "Runs the training steps of a recipe and saves the trained values, so that builds need no training.")
        {
            train._model,
        };
        foreach (var option in train._options.OfRecipe.Concat([train._options.Target, train._options.NoVerify, train._output, train._workers]))
            command.Options.Add(option);
        command.Options.Add(train._options.Verbose);
        command.Options.Add(train._json);
        command.SetGuardedAction(train._model, train.Run);
        return command;
    }

    private int Run(ParseResult parseResult, CancellationToken cancellationToken)
    {
        var count = parseResult.GetValue(_workers);
        var place = _given ?? new WorkerEnvironment(Environment.GetEnvironmentVariable).Find();
        if (count < 1)
            throw Wrong($"{_workers.Name} {count}: the number must be 1 or more.");
        if (place is not null && count is not null && count != place.Size)
            throw Wrong($"{_workers.Name} {count} was given to one of {place.Size} tasks: leave the option out where a launcher starts the tasks.");
        using var processes =
            place is null && count > 1
                ? new WorkerProcesses(
                    count.Value,
                    [.. parseResult.Tokens.Select(token => token.Value)],
                    parseResult.GetValue(SharedOptions.OnnxRuntime)?.FullName
                )
                : null;
        using var group = processes?.Join(cancellationToken) ?? place?.Join(cancellationToken);
        try
        {
            Train(parseResult, group ?? (IWorkerGroup)SingleWorker.Instance, cancellationToken);
        }
        catch (Exception exception) when (group is not null)
        {
            if (processes is not null)
                processes.HasFailed = true;
            group.Abort(Failure.Of(exception), parseResult.GetValue(_model)!);
            throw;
        }

        return ExitCode.Good;
    }

    private void Train(ParseResult parseResult, IWorkerGroup workers, CancellationToken cancellationToken)
    {
        var path = parseResult.GetValue(_model)!;
        var outputPath = parseResult.GetValue(_output) ?? TrainedFile.BesideModel(path);
        var request = _options.Read(parseResult, path, outputPath, cancellationToken) with { Workers = workers };
        if (workers.Rank > 0)
            TrainedFileWriter.Write(request, progress: null, cancellationToken);
        else
            RecipeRun.Show(
                request,
                outputPath,
                TrainedFileWriter.Write,
                parseResult.GetValue(_options.Verbose),
                parseResult.GetValue(_json),
                cancellationToken
            );
    }

    private static CompressionException Wrong(string message) => new(Codes.UnknownOption, message);
}
