namespace ModelBuild.Protocol;

/// <summary>What a value of a request decides. The build repeats a stage when a value changes that decides something of its result.</summary>
[Flags]
internal enum Affects
{
    /// <summary>The value changes no result, such as the folder of the cache.</summary>
    Nothing = 0,

    /// <summary>The signature, and with it the generated class.</summary>
    Signature = 1,

    /// <summary>The compressed model and its receipt.</summary>
    Compression = 2,

    /// <summary>The signature and the compressed model.</summary>
    Both = Signature | Compression,

    /// <summary>The place of the files of both stages.</summary>
    Place = 4,
}
