using System.Diagnostics;

namespace ModelBuild.Cli.Tuning.Workers;

/// <summary>Looks now and then whether a job of a cluster remains. Between two looks the answer stays, because each look starts a program.</summary>
/// <param name="look">Returns whether the job remains.</param>
internal sealed class JobLook(Func<bool> look)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _sinceLook = new();
    private bool _remains = true;

    /// <summary>Begins when the job has been created.</summary>
    public void Start() => _sinceLook.Start();

    /// <summary>Returns whether the job remains. A job that has ended stays so.</summary>
    public bool Remains()
    {
        if (!_remains || _sinceLook.Elapsed < Interval)
            return _remains;
        _sinceLook.Restart();
        return _remains = look();
    }
}
