using System.CommandLine;
using ModelBuild.Cli.Tuning;
using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Results;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild trial</c>: the hidden command of the child process that runs a task of <c>tune</c>.</summary>
internal static class TrialCommand
{
    public static Command Create() =>
        ChildCommand.Create<TrialRequest, TrialAnswer>(
            TrialProcess.Command,
            "Runs one task of a study.",
            (request, cancellationToken) => new TrialAnswer { Outcome = Run(request, cancellationToken) },
            failure => new TrialAnswer { Failure = failure }
        );

    private static StudyOutcome Run(TrialRequest request, CancellationToken cancellationToken)
    {
        var settings = request.Settings;
        if (request.Recipe is { } recipe)
            return new StudyOutcome { Result = StudyTrial.Run(settings, recipe, request.Output, request.Trained, Shared(request), cancellationToken) };
        using var original = OriginalModel.Open(settings.Request("", request.Output), cancellationToken);
        StudyTrial.CheckData(original, cancellationToken);
        var measurement = new TableMeasurement(original, WorkLog.Silent, cancellationToken);
        return new StudyOutcome
        {
            Table = request.Storage is { } structure
                ? measurement.MeasureStorage(structure)
                : measurement.MeasureIntegers(RecipeParser.Parse(request.Integers!).Steps),
        };
    }

    // Returns the results that tasks share. Their key covers the bytes of the model and the data, and the versions, so that a study that is resumed after an
    // update computes everything again. It also covers the class of the processor, because sums in float32 differ between classes.
    private static SharedResults? Shared(TrialRequest request)
    {
        if (request.Shared.Length == 0)
            return null;
        var files = OnnxModel.Load(request.Settings.Model, new OnnxLoadOptions { SkipWeights = true }).ExternalFiles;
        return new SharedResults(request.Shared, $"{CacheKey.Of(request.Settings.Request("", request.Output), files)} {ProcessorClass.Text}");
    }
}
