namespace ModelBuild.Compression.Options;

/// <summary>
/// A record of options that several steps share. A step has them as one parameter of its options record, and recipes write them beside the other options.
/// </summary>
internal interface ISharedOptions
{
    /// <summary>Checks that the values of the options are possible, beyond what their types enforce.</summary>
    /// <param name="step">The name of the step, for messages.</param>
    /// <exception cref="Diagnostics.CompressionException">MB1005: an option has a value that is not possible.</exception>
    void Check(string step);
}
