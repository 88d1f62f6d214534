using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Explanation;

/// <summary>Runs a model without gradients, to compute values for batches.</summary>
internal sealed class ForwardRuns : IDisposable
{
    private readonly ModelRunner _runner;
    private readonly string[] _values;

    /// <summary>Opens a session for a copy of a model.</summary>
    /// <param name="model">The model, prepared for training. It does not change.</param>
    /// <param name="values">The values. Those that are not float32 are left out.</param>
    /// <param name="threads">The number of threads.</param>
    public ForwardRuns(OnnxModel model, IEnumerable<string> values, int threads)
    {
        var copy = model.Clone();
        new Graph(copy).SetOutputs(values.Distinct(StringComparer.Ordinal));
        _runner = new ModelRunner(Sessions.OpenForTraining(copy, threads));
        _values = [.. _runner.Outputs.Where(_runner.IsFloatTensor)];
    }

    /// <summary>Returns the inputs of a batch as a sample.</summary>
    public static Sample Inputs(TrainingBatch batch) =>
        new(
            batch.Inputs.ToDictionary(
                input => input.Name,
                input =>
                {
                    var data = new byte[input.Type.Bytes!.Value];
                    batch.CopyTo(input.Name, data);
                    return new SampleArray(input.Type.Type, input.Type.Shape, data);
                },
                StringComparer.Ordinal
            ),
            Labels: null
        );

    /// <summary>Runs the model, and returns the values by name.</summary>
    /// <param name="inputs">The inputs of a batch.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public IReadOnlyDictionary<string, FloatValue> Run(Sample inputs, CancellationToken cancellationToken) =>
        _values.Length == 0
            ? new Dictionary<string, FloatValue>()
            : _runner.Run(
                inputs,
                _values,
                results =>
                    _values
                        .Zip(results)
                        .ToDictionary(
                            pair => pair.First,
                            pair => new FloatValue(pair.Second.GetTensorTypeAndShape().Shape, pair.Second.GetTensorDataAsSpan<float>().ToArray()),
                            StringComparer.Ordinal
                        ),
                cancellationToken
            );

    public void Dispose() => _runner.Dispose();
}
