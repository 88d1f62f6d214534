using System.ComponentModel;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Contracts;
using ModelBuild.Runtime.Loading;
using ModelBuild.Runtime.Shapes;

namespace ModelBuild.Runtime;

/// <summary>A loaded model: what a generated class holds. Safe for many threads.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModelHost : IDisposable
{
    /// <summary>The metadata key under which a compressed model carries its signature's hash.</summary>
    internal const string SignatureKey = "modelbuild.signature";

    // More callers at once than that make their calls anew.
    private readonly CallPool _calls = new(Math.Max(32, 2 * Environment.ProcessorCount));
    private readonly InferenceSession _session;
    private volatile bool _isDisposed;
    private int _running;
    private int _isClosed;

    private ModelHost(ModelContract contract, InferenceSession session, string provider)
    {
        Contract = contract;
        Provider = provider;
        Shapes = new ShapeProgram(contract);
        _session = session;
        CopiesInputs = !InputMemory.IsMain(session, provider);
    }

    /// <summary>What the class was generated for.</summary>
    public ModelContract Contract { get; }

    /// <summary>The execution provider that runs the model.</summary>
    public string Provider { get; }

    /// <summary>The session.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public InferenceSession Session
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _session;
        }
    }

    internal ShapeProgram Shapes { get; }

    /// <summary>The session for one who has entered: it is open until the exit.</summary>
    internal InferenceSession OpenSession => _session;

    /// <summary>Whether binding an input takes a copy to another device, so that each run must bind again.</summary>
    internal bool CopiesInputs { get; }

    /// <summary>Whether the outputs have had the shapes that the model declares.</summary>
    internal bool TrustsOutputShapes { get; set; } = true;

    /// <summary>Loads the model from where the project deploys it, or from where the options say.</summary>
    /// <exception cref="FileNotFoundException">The model is not there.</exception>
    /// <exception cref="ModelLoadException">It cannot be loaded, or is not what the class was generated for.</exception>
    public static ModelHost Open(ModelContract contract, ModelOptions? options)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return Open(contract, ModelSource.Deployed(contract, options?.Path), options);
    }

    /// <summary>Loads the model from a file.</summary>
    /// <exception cref="FileNotFoundException">The model is not there.</exception>
    /// <exception cref="ModelLoadException">It cannot be loaded, or is not what the class was generated for.</exception>
    public static ModelHost OpenFile(ModelContract contract, string path, ModelOptions? options)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Open(contract, ModelSource.File(contract, path), options);
    }

    /// <summary>Loads the model from memory.</summary>
    /// <exception cref="ModelLoadException">It cannot be loaded, or is not what the class was generated for.</exception>
    public static ModelHost OpenBytes(ModelContract contract, byte[] model, ModelOptions? options)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(model);
        return Open(contract, ModelSource.Memory(model), options);
    }

    /// <summary>Takes a call to fill and run.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ModelCall Rent()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var call = _calls.Take() ?? NewCall();
        call.Take();
        return call;
    }

    /// <summary>Closes the session: at once, or when the calls that run now have ended. Results stay valid.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        // Who enters from now on sees the flag, and who entered before is counted.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _running) == 0)
            Close();
    }

    internal void Return(ModelCall call)
    {
        if (_isDisposed || !_calls.Give(call))
            call.Free();
        else if (_isDisposed)
            FreeCalls();
    }

    /// <summary>Keeps the session open until <see cref="Exit"/>.</summary>
    internal void Enter()
    {
        Interlocked.Increment(ref _running);
        if (!_isDisposed)
            return;
        Exit();
        throw new ObjectDisposedException(Contract.Name);
    }

    internal void Exit()
    {
        if (Interlocked.Decrement(ref _running) == 0 && _isDisposed)
            Close();
    }

    private static ModelHost Open(ModelContract contract, ModelSource source, ModelOptions? options)
    {
        var available = OnnxRuntimeLibrary.Load();
        var (session, provider) = new SessionFactory(contract, options ?? new ModelOptions(), available, IntegerProducts.Saturate).Open(source);
        try
        {
            Verify(contract, source, session);
            return new ModelHost(contract, session, provider);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void Verify(ModelContract contract, ModelSource source, InferenceSession session)
    {
        if (session.ModelMetadata.CustomMetadataMap.TryGetValue(SignatureKey, out var hash) && hash == contract.Hash)
            return;
        var differences = ContractDifference.Find(contract, session);
        if (differences.Count > 0)
            throw new ModelSignatureException(contract, source.Description, differences);
    }

    private ModelCall NewCall()
    {
        Enter();
        try
        {
            return new ModelCall(this);
        }
        finally
        {
            Exit();
        }
    }

    private void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        FreeCalls();
        _session.Dispose();
    }

    private void FreeCalls()
    {
        while (_calls.Take() is { } call)
            call.Free();
    }
}
