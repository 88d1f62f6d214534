using System.Diagnostics;

namespace ModelBuild.Cli.Tuning.Workers;

/// <summary>
/// Checks from time to time whether a job of a cluster still exists. Between two checks the last answer is returned, because each check starts a program.
/// </summary>
/// <param name="look">Returns whether the job still exists.</param>
internal sealed class JobLook(Func<bool> look)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _sinceLook = new();
    private bool _remains = true;

    /// <summary>Starts the clock of the checks when the job has been created.</summary>
    public void Start() => _sinceLook.Start();

    /// <summary>Returns whether the job still exists. For a job that has ended, no further check is made.</summary>
    public bool Remains()
    {
        if (!_remains || _sinceLook.Elapsed < Interval)
            return _remains;
        _sinceLook.Restart();
        return _remains = look();
    }
}
