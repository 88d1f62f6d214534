using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>Runs a sample through the stages of a model, one after another.</summary>
/// <param name="sessions">The sessions of the stages in their order, which are disposed with the runner.</param>
/// <param name="outputs">The names of the outputs of the whole model.</param>
internal sealed class StageRunner(IReadOnlyList<InferenceSession> sessions, IReadOnlyList<string> outputs) : IDisposable
{
    /// <summary>Runs all stages once on a sample, and returns the outputs of the model.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed.</exception>
    public IReadOnlyList<OutputValues> Run(Sample sample, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, OrtValue>(StringComparer.Ordinal);
        try
        {
            foreach (var session in sessions)
            {
                foreach (var name in session.InputNames.Where(name => !values.ContainsKey(name) && sample.Inputs.ContainsKey(name)))
                    values[name] = ModelRunner.ToOrtValue(ModelRunner.Given(sample.Inputs[name], session.InputMetadata[name]));
                cancellationToken.ThrowIfCancellationRequested();
                using var options = new RunOptions();
                var names = session.InputNames.Where(values.ContainsKey).ToArray();
                // The results of a stage are not disposed together with their list, because later stages read them.
                var results = session.Run(options, names, names.Select(name => values[name]).ToArray(), session.OutputNames);
                foreach (var (name, value) in session.OutputNames.Zip(results))
                    values[name] = value;
            }

            return [.. outputs.Select(output => OutputReader.Read(values[output]))];
        }
        finally
        {
            foreach (var value in values.Values)
                value.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var session in sessions)
            session.Dispose();
    }
}
