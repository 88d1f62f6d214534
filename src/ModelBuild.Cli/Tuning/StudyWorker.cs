using System.Diagnostics;
using ModelBuild.Cli.Tuning.Claims;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Cli.Tuning;

/// <summary>
/// Runs tasks of a study until there are no more. A worker claims a task, runs it and saves its record. Workers communicate only through files of the folder.
/// </summary>
/// <param name="folder">The folder of the study.</param>
/// <param name="file">The study.</param>
/// <param name="runner">Runs a task.</param>
internal sealed class StudyWorker(StudyFolder folder, StudyFile file, ITaskRunner runner)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // The time after which a worker without a task looks at the claims again although no task has ended, because claims may be given back or become stale.
    private static readonly TimeSpan ClaimsInterval = TimeSpan.FromSeconds(1);

    private readonly ClaimFolder _claims = folder.Claims(file);
    private readonly StudyFindings _findings = new(file, folder);

    /// <summary>Runs tasks until the study is complete or stopped.</summary>
    /// <param name="cancellationToken">Ends the worker. The claim of the running task is removed.</param>
    /// <exception cref="CompressionException">The model or its data cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The worker was cancelled.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        if (!folder.IsRunning(file))
            return;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = Task.Run(() => CancelWhenStopped(ending), CancellationToken.None);
        try
        {
            RunAll(ending.Token);
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or IOException && !cancellationToken.IsCancellationRequested && !folder.IsRunning(file))
        {
            // A file of the study is missing, because the study was stopped, or because another study has begun in the folder and has deleted the files of this
            // study.
        }
        finally
        {
            ending.Cancel();
            watch.Wait(CancellationToken.None);
        }
    }

    private void CancelWhenStopped(CancellationTokenSource ending)
    {
        while (!ending.Token.WaitHandle.WaitOne(Interval))
            if (!folder.IsRunning(file))
                ending.Cancel();
    }

    private void RunAll(CancellationToken cancellationToken)
    {
        // The time since this worker found that other workers had claimed all open tasks. The clock does not run if the claims have to be checked now.
        var claimed = new Stopwatch();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!folder.IsRunning(file))
                return;
            if (_findings.Update(cancellationToken).Count > 0)
            {
                _findings.DropModels();
                claimed.Reset();
            }

            if (_findings.IsComplete)
                return;
            if (!claimed.IsRunning || claimed.Elapsed > ClaimsInterval)
            {
                if (RunOne(cancellationToken))
                {
                    claimed.Reset();
                    continue;
                }

                claimed.Restart();
            }

            cancellationToken.WaitHandle.WaitOne(Interval);
        }
    }

    // Runs one open task. The result is false if other workers have claimed all open tasks.
    private bool RunOne(CancellationToken cancellationToken)
    {
        var attempts = _claims.LastAttempts();
        foreach (var task in _findings.Open)
        {
            var name = StudyFolder.NameOf(task);
            using var claim = _claims.TryTake(name, attempts.GetValueOrDefault(name), out var isLost);
            if (isLost && folder.IsRunning(file))
                Save(
                    task,
                    new TrialAnswer
                    {
                        Outcome = new StudyOutcome
                        {
                            Failure = $"its workers or their processes were lost {ClaimFolder.MaxLost} times, for example because memory is short",
                        },
                    }
                );
            if (claim is null)
                continue;
            // The record is looked for again after the claim, because the worker that had the task may have ended it in the meantime.
            if (folder.Find(file.Id, task) is null)
                Run(task, claim, cancellationToken);
            return true;
        }

        return false;
    }

    private void Run(StudyTask task, HeldClaim claim, CancellationToken cancellationToken)
    {
        using var work = folder.CreateWork(task);
        if (runner.Run(file.Settings, task, work, cancellationToken) is not { } answer)
        {
            claim.Abandon();
            return;
        }

        // The fault is in this machine and not in the recipe, so another worker runs the task.
        if (answer.Failure is { Code: Codes.OnnxRuntimeMissing } missing)
            throw missing.ToException(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        // The record is saved only if the study still runs and the task is still claimed, because a machine that was suspended may continue after its study
        // ended or after another worker claimed its task.
        if (folder.IsRunning(file) && _claims.IsHeld(StudyFolder.NameOf(task), claim) && work.TryCommit())
            Save(task, answer);
    }

    private void Save(StudyTask task, TrialAnswer answer)
    {
        var outcome = answer.Outcome ?? new StudyOutcome { Failure = answer.Failure!.Text };
        folder.Save(task, new StudyRecord(file.Id, task.Key, outcome) { Fault = answer.Failure });
        _claims.Remove(StudyFolder.NameOf(task));
    }
}
