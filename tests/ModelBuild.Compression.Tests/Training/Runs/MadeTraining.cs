using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Compression.Training.Workers;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Runs;

/// <summary>Runs recipes with training steps on rows that tests create.</summary>
internal static class MadeTraining
{
    /// <summary>Returns rows of random numbers, each of which is one sample.</summary>
    public static ISampleSource Rows(int count, params long[] shape)
    {
        var size = (int)shape.Aggregate(1L, (a, b) => a * b);
        var values = Noise.Floats((long)count * size, seed: 3);
        return ListedSamples.Of(
            "x",
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(i =>
                        (
                            new long[] { 1 }
                                .Concat(shape)
                                .ToArray(),
                            values[(i * size)..((i + 1) * size)]
                        )
                    ),
            ]
        );
    }

    /// <summary>Runs a recipe on a copy of a model, which is its own teacher unless another one is given.</summary>
    public static MadeResult Run(
        OnnxModel model,
        string recipe,
        ISampleSource rows,
        string folder = "",
        IReadOnlyList<TrainedStep>? stored = null,
        CheckpointFolder? checkpoints = null,
        IProgress<WorkLine>? progress = null,
        OnnxModel? teacher = null,
        string[]? data = null,
        string[]? validation = null,
        IWorkerGroup? workers = null,
        CancellationToken cancellationToken = default
    )
    {
        var source = new TrainingSource
        {
            LoadTeacher = () => ModelPreparation.PreparedCopy(teacher ?? model),
            Data = data ?? [],
            Validation = validation ?? [],
            Threads = 1,
            Workers = workers ?? SingleWorker.Instance,
            Stored = stored,
            Checkpoints = checkpoints,
            WhyNotTrain = stored is null ? null : "these tests have stored values.",
        };
        var context = new PassContext(model.Clone(), new PassReport(), cancellationToken)
        {
            Calibration = new CalibrationContext(rows, threads: 1),
            Training = source.Begin(),
            Folder = folder,
            Work = new WorkLog(progress),
        };
        var steps = RecipePipeline.Run(context, RecipeParser.Parse(recipe));
        return new MadeResult(context.Model, steps, source.Results);
    }
}
