namespace ModelBuild.Imaging.Tests.Support;

/// <summary>Specifies what a picture is loaded from.</summary>
public enum Source
{
    Path,
    Stream,
    OneWayStream,
    Bytes,
}
