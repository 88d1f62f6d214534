using System.Diagnostics;

namespace ModelBuild.Runtime.Batching;

/// <summary>A call in a batcher, from its arrival until it is completed or its caller has cancelled it.</summary>
internal sealed class WaitingCall(ModelCall call)
{
    private readonly TaskCompletionSource<ModelResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ModelCall Call => call;

    public long Arrived { get; } = Stopwatch.GetTimestamp();

    public Task<ModelResult> Answer => _answer.Task;

    /// <summary>Gets whether the call is completed or cancelled, so that it need not run.</summary>
    public bool IsGone => _answer.Task.IsCompleted;

    public void Cancel(CancellationToken token) => _answer.TrySetCanceled(token);

    /// <summary>Completes the call with the outputs in its buffers.</summary>
    public void Complete()
    {
        if (!_answer.TrySetResult(new ModelResult(call, call.Version)))
            call.GiveBack();
    }

    public void Fail(Exception exception)
    {
        call.GiveBack();
        _answer.TrySetException(exception);
    }

    /// <summary>Returns a cancelled call to the pool.</summary>
    public void Drop() => call.GiveBack();
}
