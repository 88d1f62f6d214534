using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Batching;

/// <summary>Runs calls that were gathered, and answers each of them.</summary>
internal sealed class BatchRunner(ModelHost host, BatchRows rows)
{
    /// <summary>Runs the calls in one run. When that fails each runs alone, so that only those callers see an error whose own inputs made it.</summary>
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
#pragma warning disable CA1031 // Whatever it is, each call meets it again alone, and there it reaches its caller.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
        finally
        {
            together?.GiveBack();
        }

        foreach (var call in calls)
            call.Complete();
        return true;
    }

    private static void RunAlone(WaitingCall waiting)
    {
        if (waiting.IsGone)
        {
            waiting.Drop();
            return;
        }

        try
        {
            waiting.Call.Execute();
        }
#pragma warning disable CA1031 // It belongs to the caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            waiting.Fail(exception);
            return;
        }

        waiting.Complete();
    }
}
