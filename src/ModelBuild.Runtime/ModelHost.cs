using System.ComponentModel;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Engines;
using ModelBuild.Runtime.Shapes;
using ModelBuild.Runtime.Sources;

namespace ModelBuild.Runtime;

/// <summary>Hosts a model for its generated class: loads it, rents calls, replaces it by another file and closes it. All members are thread-safe.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class ModelHost : IDisposable
{
    // The pool of calls. When more callers run at once than the pool holds, the others create calls that are freed after use.
    private readonly CallPool _calls = new(Math.Max(32, 2 * Environment.ProcessorCount));
    private readonly Func<Engine> _load;
    private readonly ModelOptions _options;
    private readonly Lock _changing = new();
    private volatile Engine? _engine;
    private volatile bool _isDisposed;
    private volatile ModelRecording? _recording;

    private ModelHost(ModelContract contract, ModelOptions? options, Func<ModelHost, Engine> load)
    {
        Contract = contract;
        Shapes = new ShapeProgram(contract);
        StreamShapes = contract.Stream is null ? null : new ShapeProgram(contract, contract.Stream.Variables);
        _options = options ?? new ModelOptions();
        _load = () => Warm(load(this));
        if (!_options.Lazy)
            _ = Engine;
        _options.Opened?.Invoke(this);
    }

    /// <summary>Gets the contract that the class was generated for.</summary>
    public ModelContract Contract { get; }

    /// <summary>Gets the short name of the execution provider that runs the model, such as <c>cpu</c>.</summary>
    public string Provider => Engine.Provider;

    /// <summary>Gets the ONNX Runtime session.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    /// <exception cref="NotSupportedException">The model is a fake or runs on a server, so it has no session.</exception>
    public InferenceSession Session
    {
        get
        {
            ThrowIfDisposed();
            return Engine.Session
                ?? throw new NotSupportedException($"This {Contract.Name} {(IsRemote ? "runs on a server" : "is a fake")}, so it has no session.");
        }
    }

    /// <summary>Gets the number of nodes that each execution provider runs, and the devices. Each access queries ONNX Runtime.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    /// <exception cref="NotSupportedException">The version of ONNX Runtime is lower than 1.24.</exception>
    public Placement Placement
    {
        get
        {
            var engine = Enter();
            try
            {
                return Placement.Of(engine.Sessions);
            }
            finally
            {
                engine.Exit();
            }
        }
    }

    /// <summary>
    /// Gets or sets the largest number of bytes that a call keeps in the pool; calls with larger buffers are freed. The default is unlimited. Servers limit it,
    /// because their callers choose the sizes.
    /// </summary>
    public long MaxPooledBytes { get; set; } = long.MaxValue;

    /// <summary>Gets whether the model runs on a server.</summary>
    internal bool IsRemote => _options.RemoteModel is not null;

    internal ShapeProgram Shapes { get; }

    internal ShapeProgram? StreamShapes { get; }

    /// <summary>Gets the recording that takes the inputs of calls; null if there is none.</summary>
    internal ModelRecording? Recording => _recording;

    /// <summary>Gets the engine for calls that begin now. A lazy model is loaded at the first access.</summary>
    private Engine Engine
    {
        get
        {
            if (_engine is { } engine)
                return engine;
            lock (_changing)
            {
                if (_engine is { } other)
                    return other;
                ThrowIfDisposed();
                return _engine = _load();
            }
        }
    }

    /// <summary>
    /// Loads another file with the same signature and uses it for calls that begin afterwards. Calls in progress finish on the previous model, which is
    /// closed when the last of them ends. When loading fails, the previous model stays in use.
    /// </summary>
    /// <param name="path">The path of the file; null to load the file that the model was opened from again.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="ModelLoadException">The model cannot be loaded, or its inputs and outputs differ from the contract.</exception>
    /// <exception cref="NotSupportedException">A path was given, and the model runs on a server.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    public void Reload(string? path = null)
    {
        if (path is not null && IsRemote)
            throw new NotSupportedException($"This {Contract.Name} runs on a server, which determines the file.");
        lock (_changing)
        {
            ThrowIfDisposed();
            var old = _engine;
            _engine = path is null ? _load() : Warm(Load(ModelSource.File(Contract, path)));
            FreeCalls();
            old?.Retire();
        }
    }

    /// <summary>
    /// Runs the model once on zeros, so that ONNX Runtime does the extra work of a first run. Dynamic dimensions have the size 1 unless
    /// <paramref name="sizes"/> specifies another.
    /// </summary>
    /// <param name="sizes">The sizes of dynamic dimensions, by symbol (<c>height</c>) or by input and axis (<c>image/2</c>); null to use 1 for all.</param>
    /// <returns><see langword="true"/> when the model ran; <see langword="false"/> when it was only loaded, because no zeros can be made for one of its
    /// inputs.</returns>
    /// <exception cref="OnnxRuntimeException">The run failed, for example because a dynamic dimension cannot have the size 1.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    public bool WarmUp(IReadOnlyDictionary<string, int>? sizes = null)
    {
        _ = Engine;
        var call = Rent();
        if (!call.FillWithZeros(sizes))
        {
            call.Return(call.Version);
            return false;
        }

        call.Run().Dispose();
        return true;
    }

    /// <summary>Creates a batcher. Dispose it before the model; otherwise the calls that wait in it fail.</summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>The batcher.</returns>
    /// <exception cref="NotSupportedException">The inputs and outputs do not all start with the same dynamic dimension, or the model does not declare that
    /// they do and <see cref="BatcherOptions.AssumeRows"/> is not set.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public ModelBatcher OpenBatcher(BatcherOptions? options)
    {
        options ??= new BatcherOptions();
        var rows =
            BatchRows.Of(Contract, Shapes)
            ?? throw new NotSupportedException(
                $"The inputs and outputs of {Contract.Name} do not all begin with the same dynamic dimension, so rows of several calls cannot run together."
            );
        if (rows.UndeclaredOutput is { } output && !options.AssumeRows)
            throw new NotSupportedException(
                $"The model of {Contract.Name} does not declare that its output '{output}' has a row for each row of the inputs: "
                    + "the dimensions have other names, or none. "
                    + "If each input row has one output row, set BatcherOptions.AssumeRows. "
                    + "Otherwise (detections, tokens) callers would receive each other's rows."
            );
        return new ModelBatcher(this, rows, options, options.Runs ?? _options.Parallel * Math.Max(1, Contract.Stages.Count));
    }

    /// <summary>Rents a call, which the caller fills and runs.</summary>
    /// <returns>The call.</returns>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    public ModelCall Rent()
    {
        ThrowIfDisposed();
        var call = _calls.Rent() ?? new ModelCall(this);
        call.MarkRented();
        return call;
    }

    /// <summary>Opens a stream, which is a series of calls of a model with states.</summary>
    /// <param name="sizes">The sizes of the dimensions that the stream does not infer from its inputs, in the order of the contract.</param>
    /// <returns>The stream.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    public ModelStream OpenStream(params int[] sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        ThrowIfDisposed();
        return new ModelStream(this, sizes);
    }

    /// <summary>
    /// Records the inputs of the calls that begin now, until the recording or the model is disposed. A model has one recording at a time.
    /// </summary>
    /// <param name="path">The path of the <c>.npz</c> file, absolute or relative to the current directory.</param>
    /// <param name="max">The largest number of samples; at least 1.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="ArgumentException">The path does not end in <c>.npz</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="max"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">The inputs are already being recorded.</exception>
    /// <exception cref="NotSupportedException">The model has no inputs, or one of them is no tensor of numbers or booleans with a declared rank.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    public ModelRecording Record(string path, int max)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        if (!Path.GetExtension(path).Equals(".npz", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"A recording is an .npz file, and '{path}' has another extension.", nameof(path));
        lock (_changing)
        {
            ThrowIfDisposed();
            if (_recording is { } other)
                throw new InvalidOperationException(
                    $"The inputs of {Contract.Name} are already being recorded to '{other.Path}'. Dispose that recording first."
                );
            return _recording = new ModelRecording(Contract, Shapes, path, max, StopRecording);
        }
    }

    /// <summary>
    /// Closes the session, immediately or when the calls in progress have ended. Results stay valid. The inputs that are being recorded are written.
    /// </summary>
    /// <exception cref="IOException">The file of the recording cannot be written. The model is closed.</exception>
    /// <exception cref="UnauthorizedAccessException">The application may not write the file of the recording. The model is closed.</exception>
    public void Dispose()
    {
        lock (_changing)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            FreeCalls();
            _engine?.Retire();
        }

        _recording?.Dispose();
    }

    internal void Return(ModelCall call)
    {
        if (_isDisposed || (MaxPooledBytes != long.MaxValue && call.Tensors.Kept > MaxPooledBytes) || !_calls.Return(call))
            call.Free();
        else if (_isDisposed)
            FreeCalls();
    }

    /// <summary>Returns the engine for a call, which stays open until the caller calls <see cref="Engines.Engine.Exit"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    internal Engine Enter()
    {
        while (true)
        {
            var engine = Engine;
            if (engine.TryEnter())
                return engine;
            // An engine is retired when the model is disposed or has a new engine. If the model is disposed, the method throws an exception; otherwise the loop
            // enters the new engine.
            ThrowIfDisposed();
        }
    }

    private void ThrowIfDisposed()
    {
        if (_isDisposed)
            throw Disposed();
    }

    // The exception contains the name of the generated class, because callers do not use this type directly.
    private ObjectDisposedException Disposed() => new(Contract.Name);

    /// <summary>Runs a new engine once on zeros before other threads can use it, when the options request a warm-up.</summary>
    private Engine Warm(Engine engine)
    {
        if (!_options.WarmUp)
            return engine;
        var call = new ModelCall(this);
        try
        {
            if (call.FillWithZeros(null))
                call.ExecuteOn(engine);
            return engine;
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or RemoteModelException)
        {
            engine.Retire();
            throw new ModelLoadException(
                $"The model of {Contract.Name} is loaded, but its warm-up on zeros failed: {exception.Message} "
                    + "The warm-up uses the size 1 for dynamic dimensions. "
                    + "If the model needs other sizes, leave ModelOptions.WarmUp off and call WarmUp with sizes, by symbol or as input/axis.",
                exception
            );
        }
        catch
        {
            engine.Retire();
            throw;
        }
        finally
        {
            call.Free();
        }
    }

    private Engine Load(ModelSource source) => EngineLoader.Load(Contract, Shapes, source, _options);

    private void StopRecording(ModelRecording recording)
    {
        lock (_changing)
            if (_recording == recording)
                _recording = null;
    }

    private void FreeCalls()
    {
        while (_calls.Rent() is { } call)
            call.Free();
    }
}
