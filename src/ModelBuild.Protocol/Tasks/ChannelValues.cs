namespace ModelBuild.Protocol;

/// <summary>Describes how the values of one channel follow from pixels of 0…255: pixel × <paramref name="Factor"/> + <paramref name="Offset"/>.</summary>
/// <param name="Factor">The factor of a pixel's value.</param>
/// <param name="Offset">The number that is added.</param>
internal sealed record ChannelValues(double Factor, double Offset);
