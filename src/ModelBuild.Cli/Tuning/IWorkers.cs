namespace ModelBuild.Cli.Tuning;

/// <summary>The workers of a study.</summary>
internal interface IWorkers
{
    /// <summary>Starts the workers.</summary>
    /// <exception cref="Compression.Diagnostics.CompressionException">They cannot be started.</exception>
    void Start();

    /// <summary>Returns whether workers run or wait to run.</summary>
    bool Remain();

    /// <summary>Gets the reason why the first worker of this process ended before the study; null if none did.</summary>
    Exception? Fault { get; }

    /// <summary>Ends workers that a stopped study does not end by itself, because they have not begun.</summary>
    void End();
}
