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
/// One call of a model, with buffers that later calls use again. For generated code: it takes a call from the host, writes
/// the inputs and runs. A call that throws is back in the pool, or was never worth keeping.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The pool frees it; a caller only gives it back.")]
public sealed partial class ModelCall
{
    private readonly ModelHost _host;

    // The stream whose only call it is; null for a call of the pool.
    private readonly ModelStream? _stream;
    private readonly CallTensors _tensors;
    private readonly RunOptions _options = new();

    // The engine that ran it last, and that engine's part of it.
    private Engine? _engine;
    private EngineCall? _run;

    // Odd while a caller has it, so that a result of an earlier use is recognised.
    private long _version;

    internal ModelCall(ModelHost host)
    {
        _host = host;
        _tensors = new CallTensors(host.Contract, host.Shapes);
    }

    /// <summary>The call of a stream: it is never in the pool.</summary>
    internal ModelCall(ModelHost host, ModelStream stream, ShapeProgram shapes, StreamContract contract)
    {
        _host = host;
        _stream = stream;
        _tensors = new CallTensors(host.Contract, shapes, contract.States);
    }

    internal CallTensors Tensors => _tensors;

    internal long Version => Volatile.Read(ref _version);

    /// <summary>Runs the model.</summary>
    /// <returns>The outputs, which own this call until they are disposed.</returns>
    public ModelResult Run()
    {
        try
        {
            Execute();
        }
        catch
        {
            GiveBack();
            throw;
        }

        return Done();
    }

    /// <summary>Runs the model on a thread of the pool.</summary>
    /// <param name="wrap">Makes the generated result.</param>
    /// <param name="cancellationToken">Ends the run inside ONNX Runtime.</param>
    public Task<TResult> RunAsync<TResult>(Func<ModelResult, TResult> wrap, CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested)
            return RunOnPoolAsync(wrap, cancellationToken);
        GiveBack();
        return Task.FromCanceled<TResult>(cancellationToken);
    }

    /// <summary>Runs an engine that is not the host's yet.</summary>
    internal void ExecuteOn(Engine engine)
    {
        _tensors.Solve();
        RunOn(engine);
    }

    internal object? Value(int output) => ((ValueBuffer)_tensors.Outputs[output]!).Value;

    internal TensorBuffer<T> Output<T>(int output) => (TensorBuffer<T>)_tensors.Outputs[output]!;

    /// <summary>Marks the call as taken. A stream's may still have a result, which ends by that.</summary>
    internal void Take() => Volatile.Write(ref _version, (_version + 1) | 1);

    /// <summary>Gives the call back, once: a second time for the same use does nothing.</summary>
    internal void Return(long version)
    {
        if (Interlocked.CompareExchange(ref _version, version + 1, version) == version && _stream is null)
            _host.Return(this);
    }

    /// <summary>Gives the call back by the one that has it.</summary>
    internal void GiveBack()
    {
        Return(_version);
        _stream?.End();
    }

    /// <summary>Lets a stream begin with zeros again.</summary>
    internal void ResetStates() => _tensors.States!.Reset();

    /// <summary>Finds the sizes of the inputs that were written; the call is back in the pool when they do not fit.</summary>
    internal void Check()
    {
        try
        {
            _tensors.Solve();
        }
        catch
        {
            GiveBack();
            throw;
        }
    }

    internal void Free()
    {
        _run?.Dispose();
        _options.Dispose();
    }

    /// <summary>Runs the model on what was written. The call stays with the one that has it.</summary>
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
    }

    private void RunOn(Engine engine)
    {
        if (engine != _engine)
        {
            _run?.Dispose();
            _run = null;
            _run = engine.NewCall(_tensors);
            _engine = engine;
        }

        _run!.Run(_options);
        _tensors.States?.Keep();

        // The native run knows this object's memory by address only.
        GC.KeepAlive(this);
    }

    // Not InferenceSession.RunAsync: its callbacks have ended processes (onnxruntime#19140).
    private async Task<TResult> RunOnPoolAsync<TResult>(Func<ModelResult, TResult> wrap, CancellationToken cancellationToken) =>
        wrap(await Task.Run(() => RunCancellable(cancellationToken), CancellationToken.None).ConfigureAwait(false));

    private ModelResult RunCancellable(CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                // Leaving the registration waits for its callback: after it nothing sets the flag any more.
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
            GiveBack();
            if (exception is OnnxRuntimeException or OperationCanceledException && cancellationToken.IsCancellationRequested)
                throw new OperationCanceledException("The run was cancelled.", exception, cancellationToken);
            throw;
        }

        return Done();
    }

    private ModelResult Done()
    {
        var result = new ModelResult(this, _version);
        _stream?.End();
        return result;
    }

    private Exception Failed(Exception exception)
    {
        GiveBack();
        return exception;
    }
}
