using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training;

/// <summary>Chooses the number of steps and the rate where the options leave them open. The choice depends on the model and the data, and on no clock.</summary>
/// <param name="options">The options of the step.</param>
/// <param name="rows">The number of training rows.</param>
/// <param name="batch">The number of rows of a step.</param>
internal sealed class TrainingChoice(TrainingOptions options, int rows, int batch)
{
    // Without a choice of the user, every row is seen this often, within the limits of steps and of work below.
    private const int Epochs = 10;
    private const int MinSteps = 200;
    private const int MaxSteps = 2000;

    // The multiply-adds of the forward passes of all steps, which bound the time: some minutes on two cores.
    private const double MaxWork = 1.5e13;

    // Networks of matrix products, such as transformers, diverge at rates that convolutions train well with.
    private const double ConvolutionRate = 1e-3;
    private const double ProductRate = 1e-4;

    /// <summary>Returns the plan for a model.</summary>
    /// <param name="model">The model that is trained.</param>
    /// <param name="shapes">The shapes of its inputs in a batch.</param>
    public TrainingPlan Choose(OnnxModel model, IReadOnlyDictionary<string, long[]> shapes) =>
        new(Steps(model, shapes), batch, options.Rate.Value ?? (IsConvolutional(model) ? ConvolutionRate : ProductRate));

    private int Steps(OnnxModel model, IReadOnlyDictionary<string, long[]> shapes)
    {
        if (options.Steps > 0)
            return options.Steps;
        var ofEpochs = (long)Math.Ceiling((double)(options.Epochs > 0 ? options.Epochs : Epochs) * rows / batch);
        if (options.Epochs > 0)
            return (int)Math.Min(ofEpochs, int.MaxValue);
        var affordable = MaxWork / Math.Max(1, LayerWork.Total(model, shapes));
        return (int)Math.Min(Math.Clamp(ofEpochs, MinSteps, MaxSteps), Math.Max(1, affordable));
    }

    private static bool IsConvolutional(OnnxModel model) => new Graph(model).Nodes.Any(node => WeightedOperator.Find(node) is { IsConvolution: true });
}
