namespace ModelBuild.Protocol;

/// <summary>Lists the names in the signature document, which the program writes and the generator reads.</summary>
internal static class SignatureFields
{
    /// <summary>The version of the signature document.</summary>
    public const int SchemaVersion = 1;

    public const string Schema = "schema";
    public const string ClassName = "className";
    public const string Options = "options";
    public const string Descriptions = "descriptions";
    public const string Model = "model";
    public const string Description = "description";
    public const string Deploy = "deploy";
    public const string Path = "path";
    public const string Stages = "stages";
    public const string Hash = "hash";
    public const string Providers = "providers";
    public const string Labels = "labels";
    public const string Inputs = "inputs";
    public const string Outputs = "outputs";
    public const string States = "states";

    // The following constants name the fields of an input or output.
    public const string Name = "name";
    public const string Member = "member";
    public const string Kind = "kind";
    public const string Type = "type";
    public const string Rank = "rank";
    public const string Shape = "shape";
    public const string Scores = "scores";

    // The following constants name the fields of a description.
    public const string Text = "text";
    public const string Source = "source";
    public const string Layout = "layout";
    public const string ChannelsFirst = "nchw";
    public const string ChannelsLast = "nhwc";
    public const string Pooling = "pooling";
    public const string MaxTokens = "maxTokens";
    public const string Fault = "fault";

    // The following constants name the fields of a dimension.
    public const string Size = "size";

    // The following constants name the fields of a state.
    public const string Output = "output";
    public const string Input = "input";
}
