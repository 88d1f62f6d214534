using ModelBuild.Compression.Counting;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Compression.Training.Workers;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training;

/// <summary>
/// Chooses the number of steps and the rate where the options do not set them. The choice depends on the model and the data, and not on measured time.
/// </summary>
/// <param name="options">The options of the step.</param>
/// <param name="rows">The number of training rows.</param>
/// <param name="batch">The number of rows of a step.</param>
internal sealed class TrainingChoice(TrainingOptions options, int rows, int batch)
{
    // The number of epochs if the user does not set it. The limits of steps and of work may reduce this number.
    public const int Epochs = 10;
    private const int MinSteps = 200;
    private const int MaxSteps = 10_000;

    // Integer codes converge in fewer steps than float weights. After more steps the codes are further from the original, because a code near the middle
    // between two values keeps changing.
    private const int MaxCodeSteps = 1000;

    // The limit of multiply-adds of the forward passes of all steps, which bounds the time to some minutes on two cores.
    private const double MaxWork = 8e11;

    // The learning rates of float weights and of codes. Codes change too often at the learning rate of float weights. Models with attention have a lower rate,
    // because their training diverges at the rate of other models.
    public const double UsualRate = 1e-3;
    private const double CodeRate = 1e-4;

    // The share of the distance between neighbouring codes by which a training step moves a weight. The share is used where it gives a larger step than the
    // learning rate of codes, because codes of few bits are far apart.
    private const double CodeShare = 0.005;

    private const double AttentionRate = 3e-4;

    // The batch sizes for many and for few training rows. With few rows, smaller batches give more steps in each epoch.
    private const int UsualBatch = 32;
    private const int SmallBatch = 8;
    private const int FewRows = 500;

    /// <summary>Returns the number of rows of a training step. Unless the user sets the number, workers can share the rows evenly.</summary>
    public static int Batch(TrainingOptions options, int rows, IWorkerGroup workers)
    {
        if (options.Batch > 0 && (options.Batch <= rows || workers.Size == 1))
            return Math.Min(rows, options.Batch);
        var usual = rows < FewRows ? SmallBatch : UsualBatch;
        var wanted = options.Batch > 0 ? options.Batch : (usual + workers.Size - 1) / workers.Size * workers.Size;
        // If the data has fewer rows than the wanted batch, the batch is the largest number of rows that the workers can share evenly, or all rows if there are
        // fewer rows than workers.
        return wanted <= rows ? wanted : Math.Max(rows / workers.Size * workers.Size, Math.Min(rows, workers.Size));
    }

    /// <summary>Returns the number of steps, the batch and the rate for a model.</summary>
    /// <param name="model">The model that is trained.</param>
    /// <param name="shapes">The shapes of its inputs in a batch.</param>
    /// <param name="codeUnit">The mean distance between the weights of neighbouring codes; 0 if no integer codes are trained.</param>
    /// <param name="epochs">The number of epochs if the user does not set it.</param>
    public TrainingPlan Choose(OnnxModel model, IReadOnlyDictionary<string, long[]> shapes, double codeUnit, int epochs = Epochs) =>
        new(Steps(model, shapes, epochs, codeUnit > 0 ? MaxCodeSteps : MaxSteps), batch, options.Rate.Value ?? Rate(model, codeUnit));

    private static double Rate(OnnxModel model, double codeUnit) =>
        HasAttention(model) ? AttentionRate
        : codeUnit > 0 ? Math.Max(CodeRate, CodeShare * codeUnit)
        : UsualRate;

    private int Steps(OnnxModel model, IReadOnlyDictionary<string, long[]> shapes, int epochs, int limit)
    {
        if (options.Steps > 0)
            return options.Steps;
        var ofEpochs = (long)Math.Ceiling((double)(options.Epochs > 0 ? options.Epochs : epochs) * rows / batch);
        if (options.Epochs > 0)
            return (int)Math.Min(ofEpochs, int.MaxValue);
        var affordable = MaxWork / Math.Max(1, LayerWork.Total(model, shapes));
        return (int)Math.Min(Math.Clamp(ofEpochs, MinSteps, limit), Math.Max(1, affordable));
    }

    // Returns whether the model has attention, which multiplies activations by activations. Weights that are computed from codes and scales are not
    // activations.
    private static bool HasAttention(OnnxModel model)
    {
        var activations = Activations.Of(model.Proto.Graph);
        return model.Proto.Graph.Node.Any(node =>
            WeightedOperator.Find(node)?.Kind == WeightedKind.Product && activations.Contains(node.Input[0]) && activations.Contains(node.Input[1])
        );
    }
}
