using System.Runtime.Serialization;

namespace ModelBuild.Generator.Signatures;

/// <summary>Represents the JSON of a description in a signature file. Every member may be missing.</summary>
[DataContract]
internal sealed class DescriptionDocument
{
    [DataMember(Name = SignatureFields.Name)]
    public string? Name { get; set; }

    [DataMember(Name = SignatureFields.Text)]
    public string? Text { get; set; }

    [DataMember(Name = SignatureFields.Source)]
    public string? Source { get; set; }

    [DataMember(Name = SignatureFields.Layout)]
    public string? Layout { get; set; }

    [DataMember(Name = SignatureFields.Pooling)]
    public string? Pooling { get; set; }

    [DataMember(Name = SignatureFields.MaxTokens)]
    public int? MaxTokens { get; set; }

    [DataMember(Name = SignatureFields.Fault)]
    public string? Fault { get; set; }
}
