using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>The original model whose outputs are recorded.</summary>
/// <param name="path">The path of the model.</param>
/// <param name="hints">The information about outputs in the project.</param>
internal sealed class RecordedModel(string path, OutputHints hints)
{
    /// <summary>Returns the plan by which the model's outputs are compared, for the input shapes of a sample.</summary>
    /// <param name="sample">The inputs of a call.</param>
    /// <exception cref="CompressionException">MB1005: the hints do not fit the outputs.</exception>
    public OutputPlan Plan(Sample sample)
    {
        var model = Load();
        var plan = OutputPlan.Of(model, sample.Shapes(), hints);
        model.ReleaseWeights();
        return plan;
    }

    /// <summary>Loads the recorded model with its weights.</summary>
    public OnnxModel Load() => Load(path);

    /// <summary>Loads a model with its weights.</summary>
    public static OnnxModel Load(string path) => OnnxModel.Load(path, new OnnxLoadOptions { MapWeights = true });
}
