namespace ModelBuild.Compression.Tuning;

/// <summary>How a study finds a recipe.</summary>
internal enum Origin
{
    /// <summary>One of the recipes that every study begins with.</summary>
    Uniform,

    /// <summary>The best forms of all layers within a budget.</summary>
    Budget,

    /// <summary>Channels or ranks were removed.</summary>
    Structure,

    /// <summary>A budget between those of two neighbours on the front.</summary>
    Between,

    /// <summary>A recipe of the front with another ratio or other recovery steps.</summary>
    Changed,

    /// <summary>A recipe of the front that is trained afterwards.</summary>
    Trained,
}
