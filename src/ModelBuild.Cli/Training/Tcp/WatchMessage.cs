namespace ModelBuild.Cli.Training.Tcp;

/// <summary>Specifies the kind of a message between worker 0 and another worker.</summary>
internal enum WatchMessage
{
    /// <summary>The sender is alive.</summary>
    Alive = 1,

    /// <summary>Worker 0 sends the addresses of all workers.</summary>
    Addresses = 2,

    /// <summary>The sender has done its work and ends.</summary>
    Done = 3,

    /// <summary>A worker has failed, and all of them end. The text is the reason.</summary>
    Fault = 4,
}
