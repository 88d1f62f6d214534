using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Recording;
using ModelBuild.Runtime.Shapes;

namespace ModelBuild.Runtime;

/// <summary>
/// Represents a recording of the inputs that an application gives to a model. Generated classes create it with <c>Record</c>. The recording keeps a random
/// selection of the inputs in memory, in which each sample has the same chance, and writes the selection to a file of calibration data when it is disposed. All
/// members are thread-safe.
/// </summary>
/// <remarks>
/// A sample is one row of the inputs if the model declares that all inputs and outputs begin with the same dynamic dimension, and all inputs of one call
/// otherwise. Only calls that succeed are recorded. Outputs, times and callers are not recorded.
/// </remarks>
public sealed class ModelRecording : IDisposable
{
    private readonly Lock _stopping = new();
    private readonly ModelContract _contract;
    private readonly Action<ModelRecording> _stop;
    private readonly Reservoir _reservoir;
    private readonly bool _isByRow;
    private volatile IReadOnlyList<string>? _files;

    /// <summary>Initializes a new instance of the <see cref="ModelRecording"/> class, which starts the recording.</summary>
    /// <param name="contract">The contract of the model.</param>
    /// <param name="shapes">The shapes of the contract.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="max">The largest number of samples; at least 1.</param>
    /// <param name="stop">Ends the additions of calls.</param>
    internal ModelRecording(ModelContract contract, ShapeProgram shapes, string path, int max, Action<ModelRecording> stop)
    {
        RecordedInputs.Check(contract);
        (_contract, _stop, _reservoir) = (contract, stop, new Reservoir(max));
        _isByRow = BatchRows.Of(contract, shapes) is { UndeclaredOutput: null };
        Path = System.IO.Path.GetFullPath(path);
    }

    /// <summary>Gets the full path of the file.</summary>
    public string Path { get; }

    /// <summary>Gets the number of samples that the model was given since the recording started.</summary>
    public long Seen => _reservoir.Seen;

    /// <summary>Gets the number of samples that the recording keeps, which is not greater than the largest number.</summary>
    public int Kept => _reservoir.Kept;

    /// <summary>
    /// Gets the paths of the files that were written. The list is empty until the recording is disposed, and if no call succeeded. It has one file for each
    /// shape of the samples: <see cref="Path"/> for the most frequent one, then <c>NAME.2.npz</c>, <c>NAME.3.npz</c> and so on.
    /// </summary>
    public IReadOnlyList<string> Files => _files ?? [];

    /// <summary>
    /// Stops the recording and writes the files. Each file gets its name only when it is complete. If no sample was recorded, no file is written. If writing
    /// fails, the samples are kept, and the method can be called again.
    /// </summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The application may not write a file.</exception>
    public void Dispose()
    {
        lock (_stopping)
        {
            if (_files is not null)
                return;
            _stop(this);
            _files = RecordingFiles.Write(Path, _contract.Inputs, _reservoir.Close());
        }
    }

    /// <summary>Adds the inputs of a call that succeeded.</summary>
    internal void Add(CallTensors call) => _reservoir.Add(call, _isByRow);
}
