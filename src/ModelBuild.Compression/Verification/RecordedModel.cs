using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>The original whose answers are recorded.</summary>
/// <param name="path">Its file.</param>
/// <param name="hints">What the project says about its outputs.</param>
internal sealed class RecordedModel(string path, OutputHints hints)
{
    /// <summary>What is compared of it.</summary>
    /// <param name="sample">A call's inputs.</param>
    /// <exception cref="CompressionException">MB1005: the hints do not fit the outputs.</exception>
    public OutputPlan Plan(Sample sample)
    {
        var model = Load();
        var plan = OutputPlan.Of(model, sample.Shapes(), hints);
        model.ReleaseWeights();
        return plan;
    }

    /// <summary>The model with its weights.</summary>
    public OnnxModel Load() => Load(path);

    /// <summary>Any model with its weights.</summary>
    public static OnnxModel Load(string path) => OnnxModel.Load(path, new OnnxLoadOptions { MapWeights = true });
}
