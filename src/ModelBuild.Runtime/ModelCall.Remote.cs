using System.Diagnostics;

namespace ModelBuild.Runtime;

/// <content>Contains the asynchronous run on a server, during which no thread waits.</content>
public sealed partial class ModelCall
{
    private async Task<TResult> RunRemoteAsync<TResult>(Func<ModelResult, TResult> wrap, CancellationToken cancellationToken)
    {
        try
        {
            if (ModelTelemetry.IsOn)
                await ExecuteRemoteObservedAsync(cancellationToken).ConfigureAwait(false);
            else
                await ExecuteRemoteAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            EndUse();
            throw;
        }

        return wrap(CreateResult());
    }

    private async Task ExecuteRemoteObservedAsync(CancellationToken cancellationToken)
    {
        var activity = ModelTelemetry.Start(_host.Contract);
        var start = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            await ExecuteRemoteAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            error = (exception is OperationCanceledException ? typeof(OperationCanceledException) : exception.GetType()).FullName;
            throw;
        }
        finally
        {
            ModelTelemetry.Stop(activity, _host.Contract, _engine?.Provider, Stopwatch.GetElapsedTime(start), error);
        }
    }

    private async Task ExecuteRemoteAsync(CancellationToken cancellationToken)
    {
        _tensors.Solve();
        var engine = _host.Enter();
        try
        {
            await EngineCallOn(engine).RunAsync(cancellationToken).ConfigureAwait(false);
            _tensors.States?.Keep();
        }
        finally
        {
            engine.Exit();
        }

        _host.Recording?.Add(_tensors);
    }
}
