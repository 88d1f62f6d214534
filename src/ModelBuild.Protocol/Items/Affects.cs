namespace ModelBuild.Protocol;

/// <summary>Specifies the results that depend on a value of a request. If a value changes, the build repeats the phases whose results depend on it.</summary>
[Flags]
internal enum Affects
{
    /// <summary>No result depends on the value. An example is the cache folder.</summary>
    Nothing = 0,

    /// <summary>The signature and the generated class depend on the value.</summary>
    Signature = 1,

    /// <summary>The compressed model and its receipt depend on the value.</summary>
    Compression = 2,

    /// <summary>The signature and the compressed model depend on the value.</summary>
    Both = Signature | Compression,

    /// <summary>The paths of the files of both phases depend on the value.</summary>
    Place = 4,
}
