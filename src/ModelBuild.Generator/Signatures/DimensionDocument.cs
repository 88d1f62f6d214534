using System.Runtime.Serialization;

namespace ModelBuild.Generator.Signatures;

/// <summary>The JSON of a dimension.</summary>
[DataContract]
internal sealed class DimensionDocument
{
    [DataMember(Name = "name")]
    public string? Name { get; set; }

    [DataMember(Name = "size")]
    public long? Size { get; set; }

    [DataMember(Name = "member")]
    public string? Member { get; set; }
}
