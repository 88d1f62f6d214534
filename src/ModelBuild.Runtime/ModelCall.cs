using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Engines;
using ModelBuild.Runtime.Shapes;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime;

/// <summary>
/// Represents one call of a model, whose buffers later calls reuse. Generated code rents a call from the host, writes the inputs and runs it. If a method
/// throws an exception, the call has been returned to the pool, unless the method states otherwise.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "The pool frees the call; a caller only returns it."
)]
public sealed partial class ModelCall
{
    private readonly ModelHost _host;

    // The stream that owns the call; null for a call of the pool.
    private readonly ModelStream? _stream;
    private readonly CallTensors _tensors;
    private readonly RunOptions _options = new();

    // The engine of the last run, and the state that this engine keeps for the call.
    private Engine? _engine;
    private EngineCall? _run;

    // The value is true while the call is a warm-up. The inputs of a warm-up are synthetic, so they are not recorded.
    private bool _isWarmUp;

    // The version is odd while a caller uses the call. It identifies a use, so that a result of an earlier use is recognized.
    private long _version;

    internal ModelCall(ModelHost host)
    {
        _host = host;
        _tensors = new CallTensors(host.Contract, host.Shapes);
    }

    /// <summary>Initializes a new instance of the <see cref="ModelCall"/> class for a stream. The call is never in the pool.</summary>
    internal ModelCall(ModelHost host, ModelStream stream, ShapeProgram shapes, StreamContract contract)
    {
        _host = host;
        _stream = stream;
        _tensors = new CallTensors(host.Contract, shapes, contract.States);
    }

    internal CallTensors Tensors => _tensors;

    internal long Version => Volatile.Read(ref _version);

    /// <summary>Runs the model on the inputs that were written.</summary>
    /// <returns>The outputs. They own this call until they are disposed.</returns>
    public ModelResult Run()
    {
        try
        {
            Execute();
        }
        catch
        {
            EndUse();
            throw;
        }

        return CreateResult();
    }

    /// <summary>Runs the model on a thread of the thread pool.</summary>
    /// <typeparam name="TResult">The generated result type.</typeparam>
    /// <param name="wrap">Converts the outputs to the generated result type.</param>
    /// <param name="cancellationToken">A token that stops the run inside ONNX Runtime.</param>
    /// <returns>A task whose result owns this call until it is disposed.</returns>
    public Task<TResult> RunAsync<TResult>(Func<ModelResult, TResult> wrap, CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested)
            return _host.IsRemote ? RunRemoteAsync(wrap, cancellationToken) : RunOnPoolAsync(wrap, cancellationToken);
        EndUse();
        return Task.FromCanceled<TResult>(cancellationToken);
    }

    /// <summary>Runs the call on an engine that the host does not use yet.</summary>
    internal void ExecuteOn(Engine engine)
    {
        _tensors.Solve();
        RunOn(engine);
    }

    internal object? Value(int output) => ((ValueBuffer)_tensors.Outputs[output]!).Value;

    internal TensorBuffer<T> Output<T>(int output) => (TensorBuffer<T>)_tensors.Outputs[output]!;

    /// <summary>Marks the call as rented. In a stream this invalidates the result of the previous call.</summary>
    internal void MarkRented()
    {
        _isWarmUp = false;
        Volatile.Write(ref _version, (_version + 1) | 1);
    }

    /// <summary>Returns the call to the pool. A second return of the same use, which the version identifies, has no effect.</summary>
    internal void Return(long version)
    {
        if (Interlocked.CompareExchange(ref _version, version + 1, version) == version && _stream is null)
            _host.Return(this);
    }

    /// <summary>Ends the current use of the call: returns it to the pool, or ends the call of its stream.</summary>
    internal void EndUse()
    {
        Return(_version);
        _stream?.End();
    }

    /// <summary>Resets the states of a stream to zeros.</summary>
    internal void ResetStates() => _tensors.States!.Reset();

    /// <summary>
    /// Computes the sizes of the call from the written inputs. When the inputs do not match, the method throws, and the call returns to the pool.
    /// </summary>
    internal void Check()
    {
        try
        {
            _tensors.Solve();
        }
        catch
        {
            EndUse();
            throw;
        }
    }

    internal void Free()
    {
        _run?.Dispose();
        _options.Dispose();
    }

    /// <summary>Runs the model on the written inputs. The call is not returned to the pool.</summary>
    internal void Execute()
    {
        if (ModelTelemetry.IsOn)
            ExecuteObserved();
        else
            ExecuteUnobserved();
    }

    private void ExecuteObserved()
    {
        var activity = ModelTelemetry.Start(_host.Contract);
        var start = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            ExecuteUnobserved();
        }
        catch (Exception exception)
        {
            error = (_options.Terminate ? typeof(OperationCanceledException) : exception.GetType()).FullName;
            throw;
        }
        finally
        {
            ModelTelemetry.Stop(activity, _host.Contract, _engine?.Provider, Stopwatch.GetElapsedTime(start), error);
        }
    }

    private void ExecuteUnobserved()
    {
        _tensors.Solve();
        var engine = _host.Enter();
        try
        {
            RunOn(engine);
        }
        finally
        {
            engine.Exit();
        }

        if (!_isWarmUp)
            _host.Recording?.Add(_tensors);
    }

    private void RunOn(Engine engine)
    {
        EngineCallOn(engine).Run(_options);
        _tensors.States?.Keep();

        // The native run refers to the memory of this call by address only, so the object must stay alive until here.
        GC.KeepAlive(this);
    }

    private EngineCall EngineCallOn(Engine engine)
    {
        if (engine != _engine)
        {
            _run?.Dispose();
            _run = null;
            _run = engine.NewCall(_tensors);
            _engine = engine;
        }

        return _run!;
    }

    // InferenceSession.RunAsync is not used, because its callbacks can end the process (onnxruntime#19140).
    private async Task<TResult> RunOnPoolAsync<TResult>(Func<ModelResult, TResult> wrap, CancellationToken cancellationToken) =>
        wrap(await Task.Run(() => RunCancellable(cancellationToken), CancellationToken.None).ConfigureAwait(false));

    private ModelResult RunCancellable(CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                // Disposing the registration waits for its callback, so that no callback sets the flag Terminate afterwards.
                using (cancellationToken.UnsafeRegister(static call => ((ModelCall)call!)._options.Terminate = true, this))
                    Execute();
            }
            finally
            {
                _options.Terminate = false;
            }
        }
        catch (Exception exception)
        {
            EndUse();
            if (exception is OnnxRuntimeException or OperationCanceledException && cancellationToken.IsCancellationRequested)
                throw new OperationCanceledException("The run was cancelled.", exception, cancellationToken);
            throw;
        }

        return CreateResult();
    }

    private ModelResult CreateResult()
    {
        var result = new ModelResult(this, _version);
        _stream?.End();
        return result;
    }

    private Exception Failed(Exception exception)
    {
        EndUse();
        return exception;
    }
}
