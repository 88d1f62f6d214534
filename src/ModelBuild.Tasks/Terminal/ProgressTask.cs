using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace ModelBuild.Tasks.Terminal;

/// <summary>What the tasks that follow the work on a model have in common.</summary>
public abstract class ProgressTask : Task, ICancelableTask
{
    private readonly object _lock = new();
    private ProgressWatch? _watch;
    private bool _isCancelled;

    /// <summary>The absolute path of the model's progress file.</summary>
    [Required]
    public string File { get; set; } = "";

    /// <summary>The process of the program.</summary>
    [Required]
    public int ProcessId { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        lock (_lock)
        {
            _watch = new ProgressWatch(File, ProcessId);
            if (_isCancelled)
                _watch.Cancel();
        }

        Follow(_watch);
        return true;
    }

    /// <summary>Asks for everything to stop.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            _isCancelled = true;
            _watch?.Cancel();
        }
    }

    /// <summary>Follows the work.</summary>
    private protected abstract void Follow(ProgressWatch watch);
}
