using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Support;

/// <summary>Synthetic inputs for a real model, with the model's outputs for them.</summary>
/// <param name="Sample">The inputs.</param>
/// <param name="Outputs">The answers.</param>
internal sealed record MadeSample(Sample Sample, IReadOnlyList<OutputValues> Outputs)
{
    /// <summary>
    /// Returns the first synthetic inputs that the model runs on. If there are none, <see cref="MissingData"/> decides about the calling test.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="open">Opens the model.</param>
    public static MadeSample Of(OnnxModel model, Func<InferenceSession> open)
    {
        var problem = "";
        foreach (var guess in DynamicDimensions.Guesses)
        {
            try
            {
                var sample = new SyntheticInputs(model, SignatureReader.Read(model), guess).Read(CancellationToken.None).First();
                using var runner = new ModelRunner(open());
                return new MadeSample(sample, runner.Run(sample, CancellationToken.None));
            }
            catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
            {
                problem = exception.Message;
            }
        }

        MissingData.SkipOrFail($"No inputs could be made on which the model runs: {problem}");
        return null;
    }
}
