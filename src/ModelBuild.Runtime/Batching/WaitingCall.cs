using System.Diagnostics;

namespace ModelBuild.Runtime.Batching;

/// <summary>Represents a call in a batcher, from its arrival until it is completed or its caller has cancelled it.</summary>
internal sealed class WaitingCall(ModelCall call)
{
    private readonly TaskCompletionSource<ModelResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ModelCall Call => call;

    public long Arrived { get; } = Stopwatch.GetTimestamp();

    public Task<ModelResult> Result => _completion.Task;

    /// <summary>Gets whether the call is completed or cancelled, so that it need not run.</summary>
    public bool IsCompleted => _completion.Task.IsCompleted;

    public void Cancel(CancellationToken token) => _completion.TrySetCanceled(token);

    /// <summary>Completes the call with the outputs in its buffers.</summary>
    public void Complete()
    {
        if (!_completion.TrySetResult(new ModelResult(call, call.Version)))
            call.EndUse();
    }

    public void Fail(Exception exception)
    {
        call.EndUse();
        _completion.TrySetException(exception);
    }

    /// <summary>Returns a cancelled call to the pool.</summary>
    public void ReturnCall() => call.EndUse();
}
