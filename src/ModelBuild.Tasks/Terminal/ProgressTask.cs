using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace ModelBuild.Tasks.Terminal;

/// <summary>Provides the base class of the tasks that show the work on a model.</summary>
public abstract class ProgressTask : Task, ICancelableTask
{
    private readonly object _lock = new();
    private ProgressWatch? _watch;
    private bool _isCancelled;

    /// <summary>Gets or sets the absolute path of the model's progress file.</summary>
    [Required]
    public string File { get; set; } = "";

    /// <summary>Gets or sets the identifier of the program's process.</summary>
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

    /// <summary>Cancels the task.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            _isCancelled = true;
            _watch?.Cancel();
        }
    }

    /// <summary>Shows the work on the model until it ends.</summary>
    private protected abstract void Follow(ProgressWatch watch);
}
