using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;
using ModelBuild.Runtime.Batching;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime;

/// <summary>
/// Gathers calls of many callers into runs with several rows. The <c>Batcher</c> of a generated class wraps it. All members are thread-safe.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModelBatcher : IAsyncDisposable, IDisposable
{
    // The longest delay that the batcher supports, because Task.Delay accepts no longer time.
    private static readonly TimeSpan MaxTimerDelay = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly ModelContract _contract;
    private readonly BatchRunner _runner;
    private readonly BatchRows _rows;
    private readonly BatcherOptions _options;
    private readonly Channel<WaitingCall> _arriving = Channel.CreateUnbounded<WaitingCall>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _places;
    private readonly SemaphoreSlim _workers;
    private readonly int _workerCount;
    private readonly Task _gathering;
    private readonly List<WaitingCall> _waiting = [];

    internal ModelBatcher(ModelHost host, BatchRows rows, BatcherOptions options, int workers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxRows, nameof(BatcherOptions.MaxRows));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Capacity, nameof(BatcherOptions.Capacity));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers, nameof(BatcherOptions.Runs));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxDelay, TimeSpan.Zero, nameof(BatcherOptions.MaxDelay));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxDelay, MaxTimerDelay, nameof(BatcherOptions.MaxDelay));
        (_contract, _runner, _rows, _options, _workerCount) = (host.Contract, new BatchRunner(host, rows), rows, options, workers);
        _places = new SemaphoreSlim(options.Capacity);
        _workers = new SemaphoreSlim(workers);
        // A run serves many callers, so it must not flow the execution context or activity of the caller that opened the batcher.
        using (ExecutionContext.SuppressFlow())
            _gathering = Task.Run(GatherAsync);
    }

    /// <summary>Runs a call in one run with calls of other callers.</summary>
    /// <typeparam name="TResult">The generated result type.</typeparam>
    /// <param name="call">The call, whose inputs are written.</param>
    /// <param name="wrap">Converts the outputs to the generated result type.</param>
    /// <param name="cancellationToken">A token that ends the wait. The run itself continues for the other callers.</param>
    /// <returns>A task whose result owns the call until it is disposed.</returns>
    /// <exception cref="ArgumentException">The length of an input contradicts its shape.</exception>
    /// <exception cref="ObjectDisposedException">The batcher or the model has been disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the outputs were available.</exception>
    public Task<TResult> RunAsync<TResult>(ModelCall call, Func<ModelResult, TResult> wrap, CancellationToken cancellationToken)
    {
        call.Check();
        return EnqueueAsync(call, wrap, cancellationToken);
    }

    /// <summary>Refuses further calls, completes those that wait, and closes the batcher.</summary>
    /// <returns>A task that ends when the last call is completed.</returns>
    public async ValueTask DisposeAsync()
    {
        _arriving.Writer.TryComplete();
        await _gathering.ConfigureAwait(false);
    }

    /// <summary>Refuses further calls, completes those that wait, and blocks until the last call is completed.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task<TResult> EnqueueAsync<TResult>(ModelCall call, Func<ModelResult, TResult> wrap, CancellationToken cancellationToken)
    {
        try
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            call.EndUse();
            throw;
        }

        var waiting = new WaitingCall(call);
        ModelTelemetry.Queued(_contract, 1);
        if (!_arriving.Writer.TryWrite(waiting))
        {
            ReleasePlace();
            call.EndUse();
            throw new ObjectDisposedException(nameof(ModelBatcher));
        }

        using (cancellationToken.UnsafeRegister(static (state, token) => ((WaitingCall)state!).Cancel(token), waiting))
            return wrap(await waiting.Result.ConfigureAwait(false));
    }

    private async Task GatherAsync()
    {
        while (_waiting.Count > 0 || await _arriving.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            // More calls arrive while this method waits for a free worker, so that the next run has more rows.
            await _workers.WaitAsync().ConfigureAwait(false);
            Drain();
            if (_waiting.Count > 0 && _options.MaxDelay > TimeSpan.Zero)
                await WaitForMoreAsync().ConfigureAwait(false);
            var batch = DequeueBatch();
            if (batch.Count == 0)
                _workers.Release();
            else if (_workerCount == 1)
                // If there is only one worker, the batch runs on the current thread, because the next batch must wait for it.
                Run(batch);
            else
                _ = Task.Run(() => Run(batch));
        }

        // The method returns only when all runs have ended: it waits until it holds the permits of all workers.
        for (var worker = 0; worker < _workerCount; worker++)
            await _workers.WaitAsync().ConfigureAwait(false);
    }

    private void Run(List<WaitingCall> batch)
    {
        try
        {
            _runner.Run(batch);
        }
        finally
        {
            _workers.Release();
        }
    }

    /// <summary>Waits until the run is full or its first call has waited for the maximum delay.</summary>
    private async Task WaitForMoreAsync()
    {
        var left = _options.MaxDelay - Stopwatch.GetElapsedTime(_waiting[0].Arrived);
        if (left <= TimeSpan.Zero)
            return;
        var enough = Task.Delay(left);
        while (RowsOfFirst() < _options.MaxRows && !enough.IsCompleted)
        {
            var more = _arriving.Reader.WaitToReadAsync().AsTask();
            // The wait also ends when the batcher is disposed, because the channel of calls is completed then.
            if (await Task.WhenAny(more, enough).ConfigureAwait(false) == enough || !await more.ConfigureAwait(false))
                return;
            Drain();
        }
    }

    /// <summary>Moves the calls that have arrived to the list of waiting calls.</summary>
    private void Drain()
    {
        while (_arriving.Reader.TryRead(out var call))
            _waiting.Add(call);
    }

    private int RowsOfFirst() =>
        _waiting.Where(call => _rows.HaveEqualShapes(call.Call.Tensors, _waiting[0].Call.Tensors)).Sum(call => _rows.Count(call.Call.Tensors));

    /// <summary>Removes and returns the first waiting call and, in order, those after it whose rows have the same shapes.</summary>
    private List<WaitingCall> DequeueBatch()
    {
        var (batch, kept, rows) = (new List<WaitingCall>(), 0, 0);
        for (var i = 0; i < _waiting.Count; i++)
        {
            var call = _waiting[i];
            if (call.IsCompleted)
            {
                call.ReturnCall();
                ReleasePlace();
            }
            else if (
                batch.Count == 0
                || (rows + _rows.Count(call.Call.Tensors) <= _options.MaxRows && _rows.HaveEqualShapes(call.Call.Tensors, batch[0].Call.Tensors))
            )
            {
                batch.Add(call);
                rows += _rows.Count(call.Call.Tensors);
                ReleasePlace();
            }
            else
            {
                _waiting[kept++] = call;
            }
        }

        _waiting.RemoveRange(kept, _waiting.Count - kept);
        if (batch.Count > 0)
            ModelTelemetry.Gathered(_contract, rows);
        return batch;
    }

    /// <summary>Releases the place of a call in the queue.</summary>
    private void ReleasePlace()
    {
        ModelTelemetry.Queued(_contract, -1);
        _places.Release();
    }
}
