namespace ModelBuild.Cli.Tuning;

/// <summary>Represents the workers of a study, which run in this process or on other machines.</summary>
internal interface IWorkers
{
    /// <summary>Starts the workers of the study.</summary>
    /// <exception cref="Compression.Diagnostics.CompressionException">The workers cannot be started.</exception>
    void Start();

    /// <summary>Returns whether workers run or wait to run.</summary>
    bool Remain();

    /// <summary>Gets the reason why the first worker of this process ended before the study; null if none did.</summary>
    Exception? Fault { get; }

    /// <summary>Ends the workers that have not begun, because stopping the study does not end them.</summary>
    void End();
}
