using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Cli.Data.Files;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Data.Sounds;

/// <summary>
/// Runs a model over recordings, and records the states of the model at the start of each chunk. At the start of a recording the states are zeros.
/// </summary>
internal sealed class SoundStates : IDisposable
{
    private readonly string _model;
    private readonly SoundInput _input;
    private readonly ModelRunner _runner;
    private readonly (StatePair Pair, ValueSignature Signature, RowFile Rows)[] _states;
    private readonly Dictionary<string, SampleArray> _values = new(StringComparer.Ordinal);

    /// <summary>Initializes a new instance of the <see cref="SoundStates"/> class, and loads the model.</summary>
    /// <param name="model">The path of the model.</param>
    /// <param name="input">The inputs of the model.</param>
    /// <param name="folder">The folder of temporary files.</param>
    /// <exception cref="CompressionException">MB1019: the model does not run.</exception>
    public SoundStates(string model, SoundInput input, string folder)
    {
        (_model, _input) = (model, input);
        _runner = new ModelRunner(Guard(() => Sessions.Open(model)));
        _states = [.. input.States.Select((state, i) => (state.Pair, state.Input, new RowFile(Path.Combine(folder, $"state{i}"))))];
    }

    /// <summary>Sets the states to zeros, because another recording starts.</summary>
    public void Start()
    {
        foreach (var (_, state, _) in _states)
        {
            // A stream has one row, and the generated class opens it with the size 1 of each dynamic dimension.
            long[] shape = [.. state.Shape!.Select(dimension => dimension.Size ?? 1)];
            var type = Enum.GetValues<DataType>().First(type => SignatureReader.TypeName(type) == state.Type);
            _values[state.Name] = new SampleArray(type, shape, new byte[SampleArray.Count(shape) * SampleArray.ElementSize(type)]);
        }
    }

    /// <summary>Records the current states, and computes the states after a chunk.</summary>
    /// <param name="chunk">The prepared chunk.</param>
    /// <param name="shape">The shape of the input.</param>
    /// <param name="cancellationToken">A token that stops the work.</param>
    /// <exception cref="CompressionException">MB1019: the model does not run.</exception>
    public void Continue(float[] chunk, long[] shape, CancellationToken cancellationToken)
    {
        foreach (var (_, state, rows) in _states)
            rows.Write(_values[state.Name].Data);
        var inputs = new Dictionary<string, SampleArray>(_values, StringComparer.Ordinal)
        {
            [_input.Input.Name] = Fit(new SampleArray(DataType.Float, shape, MemoryMarshal.AsBytes<float>(chunk).ToArray()), _input.Input),
        };
        if (_input.Rate is { } rate)
            inputs[rate.Name] = Fit(
                new SampleArray(DataType.Int64, rate.Shape!.Count == 0 ? [] : [1], BitConverter.GetBytes((long)_input.Preparation.Rate)),
                rate
            );
        using var results = Guard(() => _runner.Run(new Sample(inputs, Labels: null), [.. _states.Select(state => state.Pair.Output)], cancellationToken));
        foreach (var ((_, state, _), result) in _states.Zip(results))
        {
            var before = _values[state.Name];
            var data = result.GetTensorMutableRawData().ToArray();
            if (data.Length != before.Data.Length)
                throw DataFault.Of(
                    _model,
                    $"The size of the state '{state.Name}' changes with a chunk, so that the samples of a recording have different shapes. Use an .npz."
                );
            _values[state.Name] = before with { Data = data };
        }
    }

    /// <summary>Writes the recorded states of all chunks as arrays.</summary>
    /// <param name="archive">The archive.</param>
    public void CopyTo(NpzWriter archive)
    {
        // The array has one axis more than the input, which counts chunks, because the axis that counts rows is not the first one in all models.
        foreach (var (_, state, rows) in _states)
            rows.CopyTo(archive, state.Name, NumpyType(state), [rows.Rows, .. _values[state.Name].Shape]);
    }

    public void Dispose()
    {
        _runner.Dispose();
        foreach (var (_, _, rows) in _states)
            rows.Dispose();
    }

    private static SampleArray Fit(SampleArray array, ValueSignature input) => ElementConversion.Convert(array, input);

    private string NumpyType(ValueSignature state) =>
        state.Type switch
        {
            "float32" => "<f4",
            "float16" => "<f2",
            "float64" => "<f8",
            "int64" => "<i8",
            "int32" => "<i4",
            "bool" => "|b1",
            _ => throw DataFault.Of(_model, $"The state '{state.Name}' is {state.Type}, which sounds cannot give. Use an .npz."),
        };

    private T Guard<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (OnnxRuntimeException exception)
        {
            throw DataFault.Of(
                _model,
                $"The model cannot be run on a chunk of sound, so that its states are not known: {Sessions.Reason(exception)}",
                exception
            );
        }
    }
}
