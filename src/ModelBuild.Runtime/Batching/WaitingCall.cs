using System.Diagnostics;

namespace ModelBuild.Runtime.Batching;

/// <summary>A caller's call in a batcher, from its arrival until it is answered or its caller has gone.</summary>
internal sealed class WaitingCall(ModelCall call)
{
    private readonly TaskCompletionSource<ModelResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ModelCall Call => call;

    public long Arrived { get; } = Stopwatch.GetTimestamp();

    public Task<ModelResult> Answer => _answer.Task;

    /// <summary>Whether the caller has gone: what is done for it is in vain.</summary>
    public bool IsGone => _answer.Task.IsCompleted;

    public void Cancel(CancellationToken token) => _answer.TrySetCanceled(token);

    /// <summary>Hands the outputs in the call's buffers to the caller.</summary>
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

    /// <summary>Gives the call back of a caller that has gone.</summary>
    public void Drop() => call.GiveBack();
}
