using System.ComponentModel;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Engines;
using ModelBuild.Runtime.Shapes;
using ModelBuild.Runtime.Sources;

namespace ModelBuild.Runtime;

/// <summary>A model for its generated class: loads it, hands out calls, changes it for another file, closes it. Safe for many threads.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModelHost : IDisposable
{
    // More callers at once than that make their calls anew.
    private readonly CallPool _calls = new(Math.Max(32, 2 * Environment.ProcessorCount));
    private readonly Func<Engine> _load;
    private readonly ModelOptions _options;
    private readonly Lock _changing = new();
    private volatile Engine? _engine;
    private volatile bool _isDisposed;

    private ModelHost(ModelContract contract, ModelOptions? options, Func<ModelHost, Engine> load)
    {
        Contract = contract;
        Shapes = new ShapeProgram(contract);
        StreamShapes = contract.Stream is null ? null : new ShapeProgram(contract, contract.Stream.Variables);
        _options = options ?? new ModelOptions();
        _load = () => Warm(load(this));
        if (!_options.Lazy)
            _ = Engine;
    }

    /// <summary>What the class was generated for.</summary>
    public ModelContract Contract { get; }

    /// <summary>The execution provider that runs the model.</summary>
    public string Provider => Engine.Provider;

    /// <summary>The session.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    /// <exception cref="NotSupportedException">The model is a fake and has none.</exception>
    public InferenceSession Session
    {
        get
        {
            ThrowIfDisposed();
            return Engine.Session ?? throw new NotSupportedException($"This {Contract.Name} is a fake, which has no session.");
        }
    }

    /// <summary>Which execution provider runs how many nodes, on which device. Asked of ONNX Runtime at each call.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    /// <exception cref="NotSupportedException">ONNX Runtime is older than 1.24.</exception>
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

    internal ShapeProgram Shapes { get; }

    internal ShapeProgram? StreamShapes { get; }

    /// <summary>The engine of the calls that begin now; loads the model when that was put off.</summary>
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

    /// <summary>Loads the model from where the project deploys it, or from where the options say.</summary>
    /// <exception cref="FileNotFoundException">The model is not there.</exception>
    /// <exception cref="ModelLoadException">It cannot be loaded, or is not what the class was generated for.</exception>
    public static ModelHost Open(ModelContract contract, ModelOptions? options)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return new ModelHost(contract, options, host => host.Load(ModelSource.Deployed(contract, options?.Path)));
    }

    /// <summary>Loads the model from a file.</summary>
    /// <exception cref="FileNotFoundException">The model is not there.</exception>
    /// <exception cref="ModelLoadException">It cannot be loaded, or is not what the class was generated for.</exception>
    public static ModelHost OpenFile(ModelContract contract, string path, ModelOptions? options)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        return new ModelHost(contract, options, host => host.Load(ModelSource.File(contract, full)));
    }

    /// <summary>Loads the model from memory.</summary>
    /// <exception cref="ModelLoadException">It cannot be loaded, or is not what the class was generated for.</exception>
    public static ModelHost OpenBytes(ModelContract contract, byte[] model, ModelOptions? options)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(model);
        return new ModelHost(contract, options, host => host.Load(ModelSource.Memory(model)));
    }

    /// <summary>Makes a model that answers with what a delegate says, for tests of code that uses the class.</summary>
    public static ModelHost Fake(ModelContract contract, Action<FakeCall> answer)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(answer);
        return new ModelHost(contract, null, host => new FakeEngine(host.Shapes, answer));
    }

    /// <summary>
    /// Loads another file with the same signature, and lets the calls that begin from now on run on it. Those that run end on the model that they began on, which is
    /// closed after the last of them. When loading fails nothing changes.
    /// </summary>
    /// <param name="path">The file; null loads the model's own place anew.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelLoadException">It cannot be loaded, or is not what the class was generated for.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public void Reload(string? path = null)
    {
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
    /// Runs the model once on zeros, so that what ONNX Runtime does at a first run is done. Dimensions that the model leaves open stand as 1 unless
    /// <paramref name="sizes"/> says more.
    /// </summary>
    /// <param name="sizes">Sizes by symbol, such as <c>height</c>, or as input and axis, such as <c>image/2</c>; null for none.</param>
    /// <returns>False for a model that was loaded only, because the rank of an input is open.</returns>
    /// <exception cref="OnnxRuntimeException">The model failed, maybe because an open dimension needs another size than 1.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
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

    /// <summary>Makes a batcher. It must be disposed before the model, or what waits in it fails.</summary>
    /// <exception cref="NotSupportedException">The inputs and outputs do not all begin with the same open dimension, or it is not known that they do (<see cref="BatcherOptions.AssumeRows"/>).</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public ModelBatcher OpenBatcher(BatcherOptions? options)
    {
        options ??= new BatcherOptions();
        var rows =
            BatchRows.Of(Contract, Shapes)
            ?? throw new NotSupportedException(
                $"The inputs and outputs of {Contract.Name} do not all begin with the same open dimension, so rows of several calls do not go together."
            );
        if (rows.Unproven is { } output && !options.AssumeRows)
            throw new NotSupportedException(
                $"The model of {Contract.Name} does not say that its output '{output}' has a row for each row of the inputs: the dimensions have other names, or none. If it has, set BatcherOptions.AssumeRows; "
                    + "if it has not (detections, tokens), callers would get each other's."
            );
        return new ModelBatcher(this, rows, options, options.Runs ?? _options.Parallel * Math.Max(1, Contract.Stages.Count));
    }

    /// <summary>Takes a call to fill and run.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ModelCall Rent()
    {
        ThrowIfDisposed();
        var call = _calls.Take() ?? new ModelCall(this);
        call.Take();
        return call;
    }

    /// <summary>Opens a stream of a model with states.</summary>
    /// <param name="sizes">The dimensions that are said at that, in the order of the contract.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ModelStream OpenStream(params int[] sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        ThrowIfDisposed();
        return new ModelStream(this, sizes);
    }

    /// <summary>Closes the session: at once, or when the calls that run now have ended. Results stay valid.</summary>
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
    }

    internal void Return(ModelCall call)
    {
        if (_isDisposed || !_calls.Give(call))
            call.Free();
        else if (_isDisposed)
            FreeCalls();
    }

    /// <summary>The engine to run on, open until its <see cref="Engines.Engine.Exit"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    internal Engine Enter()
    {
        while (true)
        {
            var engine = Engine;
            if (engine.TryEnter())
                return engine;
            // Retired, because the model was disposed or has a new engine.
            ThrowIfDisposed();
        }
    }

    private void ThrowIfDisposed()
    {
        if (_isDisposed)
            throw Disposed();
    }

    // By the name that the caller knows.
    private ObjectDisposedException Disposed() => new(Contract.Name);

    /// <summary>The first run of an engine that nobody has yet, where the options ask for it.</summary>
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
        catch (OnnxRuntimeException exception)
        {
            engine.Retire();
            throw new ModelLoadException(
                $"The model of {Contract.Name} is loaded, but its warm-up on zeros failed: {exception.Message} Open dimensions are 1 there. Where the model needs other sizes, leave ModelOptions.WarmUp off and call "
                    + "WarmUp with sizes, by symbol or as input/axis.",
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

    private void FreeCalls()
    {
        while (_calls.Take() is { } call)
            call.Free();
    }
}
