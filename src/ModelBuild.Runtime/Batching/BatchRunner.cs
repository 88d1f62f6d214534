using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Batching;

/// <summary>Runs the calls that a batcher gathered, and completes each of them.</summary>
internal sealed class BatchRunner(ModelHost host, BatchRows rows)
{
    /// <summary>
    /// Executes the calls in one run. When it fails, each call runs alone, so that an error reaches only the caller whose inputs caused it.
    /// </summary>
    public void Run(IReadOnlyList<WaitingCall> calls)
    {
        if (calls.Count > 1 && TryRunTogether(calls))
            return;
        foreach (var call in calls)
            RunAlone(call);
    }

    private bool TryRunTogether(IReadOnlyList<WaitingCall> calls)
    {
        ModelCall? together = null;
        try
        {
            together = host.Rent();
            CallTensors[] tensors = [.. calls.Select(call => call.Call.Tensors)];
            BatchRows.Gather(tensors, together.Tensors);
            together.Execute();
            rows.Scatter(together.Tensors, tensors);
        }
#pragma warning disable CA1031 // After any exception, each call runs again alone, and an exception of that run is passed to its caller.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
        finally
        {
            together?.EndUse();
        }

        foreach (var call in calls)
            call.Complete();
        return true;
    }

    private static void RunAlone(WaitingCall waiting)
    {
        if (waiting.IsCompleted)
        {
            waiting.ReturnCall();
            return;
        }

        try
        {
            waiting.Call.Execute();
        }
#pragma warning disable CA1031 // The exception is passed to the caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            waiting.Fail(exception);
            return;
        }

        waiting.Complete();
    }
}
