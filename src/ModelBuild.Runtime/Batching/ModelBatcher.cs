using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;
using ModelBuild.Runtime.Batching;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime;

/// <summary>Gathers calls of many callers into runs with many rows. For generated code: a class's <c>Batcher</c> wraps it. Safe for many threads.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModelBatcher : IAsyncDisposable, IDisposable
{
    // As long as a timer can be.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly ModelContract _contract;
    private readonly BatchRunner _runner;
    private readonly BatchRows _rows;
    private readonly BatcherOptions _options;
    private readonly Channel<WaitingCall> _arriving = Channel.CreateUnbounded<WaitingCall>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _places;
    private readonly SemaphoreSlim _lanes;
    private readonly int _laneCount;
    private readonly Task _gathering;
    private readonly List<WaitingCall> _waiting = [];

    internal ModelBatcher(ModelHost host, BatchRows rows, BatcherOptions options, int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxRows, nameof(BatcherOptions.MaxRows));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Capacity, nameof(BatcherOptions.Capacity));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lanes, nameof(BatcherOptions.Runs));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxDelay, TimeSpan.Zero, nameof(BatcherOptions.MaxDelay));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxDelay, LongestDelay, nameof(BatcherOptions.MaxDelay));
        (_contract, _runner, _rows, _options, _laneCount) = (host.Contract, new BatchRunner(host, rows), rows, options, lanes);
        _places = new SemaphoreSlim(options.Capacity);
        _lanes = new SemaphoreSlim(lanes);
        // A run is for many callers: it must not belong to the request, or the activity, that happened to open the batcher.
        using (ExecutionContext.SuppressFlow())
            _gathering = Task.Run(GatherAsync);
    }

    /// <summary>Runs a call together with those of others.</summary>
    /// <param name="call">The call, with its inputs written.</param>
    /// <param name="wrap">Makes the generated result.</param>
    /// <param name="cancellationToken">Gives up waiting. The run goes on for the others.</param>
    /// <exception cref="ArgumentException">A length does not fit; only this caller sees it.</exception>
    /// <exception cref="ObjectDisposedException">The batcher or the model is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Task<TResult> RunAsync<TResult>(ModelCall call, Func<ModelResult, TResult> wrap, CancellationToken cancellationToken)
    {
        call.Check();
        return EnqueueAsync(call, wrap, cancellationToken);
    }

    /// <summary>Takes no calls any more, answers those that wait, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _arriving.Writer.TryComplete();
        await _gathering.ConfigureAwait(false);
    }

    /// <summary>As <see cref="DisposeAsync"/>, and waits for the end.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task<TResult> EnqueueAsync<TResult>(ModelCall call, Func<ModelResult, TResult> wrap, CancellationToken cancellationToken)
    {
        try
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            call.GiveBack();
            throw;
        }

        var waiting = new WaitingCall(call);
        ModelTelemetry.Queued(_contract, 1);
        if (!_arriving.Writer.TryWrite(waiting))
        {
            Leave();
            call.GiveBack();
            throw new ObjectDisposedException(nameof(ModelBatcher));
        }

        using (cancellationToken.UnsafeRegister(static (state, token) => ((WaitingCall)state!).Cancel(token), waiting))
            return wrap(await waiting.Answer.ConfigureAwait(false));
    }

    private async Task GatherAsync()
    {
        while (_waiting.Count > 0 || await _arriving.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            // While all lanes are busy, calls gather by themselves.
            await _lanes.WaitAsync().ConfigureAwait(false);
            Drain();
            if (_waiting.Count > 0 && _options.MaxDelay > TimeSpan.Zero)
                await WaitForMoreAsync().ConfigureAwait(false);
            var batch = TakeBatch();
            if (batch.Count == 0)
                _lanes.Release();
            else if (_laneCount == 1)
                // There is nothing else to do meanwhile.
                Run(batch);
            else
                _ = Task.Run(() => Run(batch));
        }

        // Until the last run has ended.
        for (var lane = 0; lane < _laneCount; lane++)
            await _lanes.WaitAsync().ConfigureAwait(false);
    }

    private void Run(List<WaitingCall> batch)
    {
        try
        {
            _runner.Run(batch);
        }
        finally
        {
            _lanes.Release();
        }
    }

    /// <summary>Waits until the run is full or its first call has waited long enough.</summary>
    private async Task WaitForMoreAsync()
    {
        var left = _options.MaxDelay - Stopwatch.GetElapsedTime(_waiting[0].Arrived);
        if (left <= TimeSpan.Zero)
            return;
        var enough = Task.Delay(left);
        while (RowsOfFirst() < _options.MaxRows && !enough.IsCompleted)
        {
            var more = _arriving.Reader.WaitToReadAsync().AsTask();
            // No more will come once the batcher is disposed.
            if (await Task.WhenAny(more, enough).ConfigureAwait(false) == enough || !await more.ConfigureAwait(false))
                return;
            Drain();
        }
    }

    /// <summary>Takes what has arrived.</summary>
    private void Drain()
    {
        while (_arriving.Reader.TryRead(out var call))
            _waiting.Add(call);
    }

    private int RowsOfFirst() =>
        _waiting.Where(call => _rows.AreAlike(call.Call.Tensors, _waiting[0].Call.Tensors)).Sum(call => _rows.Count(call.Call.Tensors));

    /// <summary>The first call that waits and, in their order, those after it whose rows fit to it.</summary>
    private List<WaitingCall> TakeBatch()
    {
        var (batch, kept, rows) = (new List<WaitingCall>(), 0, 0);
        for (var i = 0; i < _waiting.Count; i++)
        {
            var call = _waiting[i];
            if (call.IsGone)
            {
                call.Drop();
                Leave();
            }
            else if (
                batch.Count == 0
                || (rows + _rows.Count(call.Call.Tensors) <= _options.MaxRows && _rows.AreAlike(call.Call.Tensors, batch[0].Call.Tensors))
            )
            {
                batch.Add(call);
                rows += _rows.Count(call.Call.Tensors);
                Leave();
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

    /// <summary>A call waits no longer: its place is free for another.</summary>
    private void Leave()
    {
        ModelTelemetry.Queued(_contract, -1);
        _places.Release();
    }
}
